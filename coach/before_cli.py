"""The command line of what comes before a call: prepare the next one, answer who may listen.

Owns these commands: their words, their options, their exit codes (as in `coach.cli`). What was prepared is private; it
is printed only where it was asked for.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from coach.language import phrase
from coach.settings import CALL_TYPES, RULES
from coach.sure import confirm
from coach.trouble import Trouble
from coach.writing import short, whole_day

if TYPE_CHECKING:
    from coach.call.plan import Plan


@click.command(short_help="Prepare the next call: questions, focus, minutes.")
@click.option("--question", "-q", "questions", multiple=True, metavar="TEXT", help="A question to ask.")
@click.option("--know", "-k", "known", multiple=True, metavar="TEXT", help="A line on their business.")
@click.option("--minutes", type=click.FloatRange(0, 480), metavar="N", help="Planned length.")
@click.option("--focus", type=click.Choice(RULES), metavar="RULE", help=f"One nudge: {', '.join(RULES)}.")
@click.option("--type", "call_type", type=click.Choice(CALL_TYPES), metavar="TYPE", help="Type of call.")
@click.option("--clear", is_flag=True, help="Forget what was prepared.")
@click.option("--show", is_flag=True, help="Print what is prepared, here.")
@click.pass_context
def prepare(
    ctx: click.Context,
    questions: tuple[str, ...],
    known: tuple[str, ...],
    *,
    minutes: float | None,
    focus: str | None,
    call_type: str | None,
    clear: bool,
    show: bool,
) -> None:
    """Prepare the next call. It counts for that call, and goes with it.

    Without an option a sheet opens; in a call, what was prepared is shown beside it, or hidden. After the call the
    report says which of the questions were heard, in your own words.

    \b
    Examples:
      coach prepare
      coach prepare -q "How do you handle returns today?" -q "Who else decides?" --minutes 30
      coach prepare --focus monologue
      coach prepare --clear
    """
    from coach import before

    given = bool(questions or known or focus or call_type or clear) or minutes is not None
    if not given and not show:
        _open(ctx)
        return
    kept = before.next_call()
    if given:
        plan = _changed(None if clear else before.plan_for_next()[0], questions, known)
        plan = dataclasses.replace(
            plan,
            minutes=plan.minutes if minutes is None else minutes,
            focus=focus or plan.focus,
            call_type=call_type or plan.call_type,
        )
        kept.write(plan)
    _show(kept.read(before.now()))


def _changed(plan: Plan | None, questions: tuple[str, ...], known: tuple[str, ...]) -> Plan:
    from coach.call.plan import MOST_KNOWN, MOST_QUESTIONS, Plan, tidy

    plan = plan or Plan()
    all_questions, all_known = tidy((*plan.questions, *questions)), tidy((*plan.known, *known))
    for many, most, too_many in (
        (len(all_questions), MOST_QUESTIONS, "{many} questions are more than fit beside a call."),
        (len(all_known), MOST_KNOWN, "{many} lines on their business are more than fit beside a call."),
    ):
        if many > most:
            raise Trouble(
                too_many,
                "Keep {most}, or begin anew with --clear.",
                many=many,
                most=most,
            )
    return dataclasses.replace(plan, questions=all_questions, known=all_known)


def _show(plan: Plan) -> None:
    from coach.report.plain import clean

    if not plan:
        click.echo(phrase("Nothing is prepared."))
        return
    click.echo(phrase("Prepared for the next call:"))
    rows = (
        (phrase("type"), plan.call_type),
        (phrase("minutes"), short(plan.minutes) if plan.minutes else ""),
        (phrase("focus"), plan.focus),
        *((phrase("know"), line) for line in plan.known),
        *((phrase("ask"), line) for line in plan.questions),
    )
    width = max(8, *(len(name) for name, _ in rows))
    for name, value in rows:
        if value:
            click.echo(f"  {name:<{width}} {clean(value)}")


def _open(ctx: click.Context) -> None:
    from coach.ui.instance import send
    from coach.ui.screen import prepare_platform, screen_available

    if (answer := send("prepare")) is not None:
        if not answer.done:
            raise Trouble(answer.line)
        click.echo(phrase(answer.line))
        return
    if not screen_available():
        raise Trouble("There is no screen here.", "Say it in options: 'coach prepare --help'.")
    prepare_platform()
    from coach.desktop import run_prepare

    ctx.exit(run_prepare(ctx.obj))


@click.command(name="consent", short_help="Who listens: read it, answer it, take it back.")
@click.option("--agree", is_flag=True, help="You have read it, and decide yourself whom you tell.")
@click.option(
    "--take-back", is_flag=True, help="Take the answer back: no call starts until it is given anew."
)
@click.pass_context
def consent_command(ctx: click.Context, *, agree: bool, take_back: bool) -> None:
    """Read what is heard, where it stays and who should know. No live call starts before that is answered.

    This is no legal advice.

    \b
    Examples:
      coach consent
      coach consent --agree
      coach consent --take-back
    """
    import sys

    from coach import app, before, consent

    if agree and take_back:
        raise Trouble("--agree and --take-back are two answers.", "Give one.")
    folder = app.data_folder()
    if take_back:
        consent.take_back(folder)
        click.echo(phrase("Taken back. No call starts until it is answered anew."))
        return
    click.echo("\n".join(before.sheet_lines(app.load_settings(ctx.obj))))
    given = consent.answer(folder)
    if given is not None:
        click.echo(
            "\n"
            + phrase(
                "You answered this on {day}. 'coach consent --take-back' takes it back.",
                day=whole_day(given.day),
            )
        )
        return
    if not agree and sys.stdin.isatty():
        agree = confirm("\n" + phrase("You have read it, and decide yourself whom you tell?"), default=False)
    if not agree:
        click.echo("\n" + phrase("Not answered. 'coach consent --agree' does."))
        return
    click.echo(
        "\n"
        + phrase(
            "Answered on {day}. It is kept on this computer.",
            day=whole_day(consent.agree(folder, before.now()).day),
        )
    )


COMMANDS = (prepare, consent_command)
