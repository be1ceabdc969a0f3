from .command import (
    ArchiveCommand,
    OurCommand,
    Refused,
    add_cluster_option,
    read_day,
    set_contact,
)
from .inspection_report import inspection_lines
from .log_lines import JSON, JsonLines, log_in_json
from .output import CommandResult, OneLineErrors, Output
from .profile_report import profile_module, profile_table
from .progress import Lines, Meter, show_progress
from .runner import BadProject, project_settings, run

__all__ = [
    "JSON",
    "ArchiveCommand",
    "BadProject",
    "CommandResult",
    "JsonLines",
    "Lines",
    "Meter",
    "OneLineErrors",
    "OurCommand",
    "Output",
    "Refused",
    "add_cluster_option",
    "inspection_lines",
    "log_in_json",
    "profile_module",
    "profile_table",
    "project_settings",
    "read_day",
    "run",
    "set_contact",
    "show_progress",
]
