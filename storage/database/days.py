"""Days in SQL: conditions on a column of local values ("2013", "2013-01", "2013-01-01 10:21")."""

from datetime import date


def within_days(
    column: str, since: date | None, before: date | None
) -> tuple[list[str], dict[str, str]]:
    """Return the conditions, with their values, that hold for what lies wholly on or after *since*
    and before the day *before*.

    Of what is known to the month or the year, all of it must lie there: what was published "in
    2013" is not taken to have been published on the first of January.
    """
    conditions: list[str] = []
    values: dict[str, str] = {}
    if since is not None:
        conditions.append(f"{column} >= :since")
        values["since"] = _least(since)
    if before is not None:
        conditions.append(f"{column} < :before")
        conditions.append(f"{column} NOT IN (:before_month, :before_year)")
        values["before"] = before.isoformat()
        values["before_month"], values["before_year"] = before.isoformat()[:7], str(before)[:4]
    return conditions, values


def _least(day: date) -> str:
    """Return the least value of a period that begins on *day* or later: the first day of a month
    also begins that month.
    """
    text = day.isoformat()
    if text.endswith("-01-01"):
        return text[:4]
    return text[:7] if text.endswith("-01") else text
