"""What a source of comments teaches about the threads of a template, held against the pages."""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.comments import ThreadRules, Unfit, matches, read_thread_by
from pipelines.learning.lessons import Lesson, without_source
from pipelines.learning.threads import LEAST_HEARD, learn_thread


def teach_threads(lessons: Sequence[Lesson]) -> tuple[list[Lesson], ThreadRules | None]:
    """Return the rules for the threads of *lessons*, and the lessons with the threads that are to
    be read by them.

    Where sources have threads otherwise than they were mined, pages without a source are taken to
    be mined wrongly too. Where the sources' word makes no rules, all threads are as they were
    mined.
    """
    if not any("comments" in lesson.taught for lesson in lessons):
        return list(lessons), learn_thread(lessons)
    heard = [lesson for lesson in lessons if lesson.is_heard]
    # Where the page does not show what its source states, its thread is as it was mined, and may be
    # wrong.
    for teaching in (heard, [lesson for lesson in heard if _is_borne_out(lesson)]):
        is_enough = sum(bool(lesson.thread.comments) for lesson in teaching) >= LEAST_HEARD
        rules = learn_thread(teaching) if is_enough else None
        if rules is not None:
            known = set(map(id, teaching))
            return [
                lesson if id(lesson) in known else _reread(lesson, rules) for lesson in lessons
            ], rules
    mined = [without_source(lesson) for lesson in lessons]
    return mined, learn_thread(mined)


def _is_borne_out(lesson: Lesson) -> bool:
    """Tell whether the page shows for each comment the author whom its source states."""
    comments, stated = lesson.thread.comments, lesson.evidence.comments
    return all(
        stated[number].author in {None, comments[place].author}
        for number, place in matches(comments, stated).items()
    )


def _reread(lesson: Lesson, rules: ThreadRules) -> Lesson:
    """Return a lesson with its thread as *rules* read it; as it is where they leave it to a closer
    look.
    """
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
