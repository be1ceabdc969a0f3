"""Which lessons teach a template's thread rules: those whose comments an independent source told weigh more than those that were only mined."""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.learning.lessons import Lesson, without_source
from pipelines.learning.threads import learn_thread
from pipelines.profile import ThreadRules
from pipelines.profile_thread import Unfit, read_thread_by

LEAST_HEARD = 2


def teach_threads(lessons: Sequence[Lesson]) -> tuple[list[Lesson], ThreadRules | None]:
    """Return the rules for the threads of *lessons*, and the lessons with the threads that are to be read by them.

    Where sources have threads otherwise than they were mined, pages without a source are taken to be mined wrongly too. Where the sources'
    word makes no rules, all threads are as they were mined.
    """
    if not any("comments" in lesson.taught for lesson in lessons):
        return list(lessons), learn_thread(lessons)
    heard = [lesson for lesson in lessons if lesson.is_heard]
    if sum(bool(lesson.thread.comments) for lesson in heard) >= LEAST_HEARD:
        rules = learn_thread(heard)
        if rules is not None:
            return [lesson if lesson.is_heard else _reread(lesson, rules) for lesson in lessons], rules
    mined = [without_source(lesson) for lesson in lessons]
    return mined, learn_thread(mined)


def _reread(lesson: Lesson, rules: ThreadRules) -> Lesson:
    """Return a lesson with its thread as *rules* read it; as it is where they leave it to a closer look."""
    try:
        thread = read_thread_by(lesson.document, rules)
    except Unfit:
        return lesson
    article = replace(
        lesson.article,
        comments=thread.comments,
        comments_declared=thread.declared,
        comments_gap_reason=thread.gap_reason,
        comment_order=thread.order,
        comment_system=thread.system,
    )
    return replace(lesson, article=article, thread=thread)
