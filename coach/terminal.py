"""The terminal side of the composition: calls, recordings and the demo as lines.

Owns what is printed and what is written to a file. The second, headless front end beside `coach.desktop`.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from coach import app, before, library
from coach.archive import locker
from coach.archive.hand import hand_path
from coach.call.events import Who
from coach.demo.scenes import scenes
from coach.exporting import Wish, card_of, export, past_of, wishes
from coach.jobs import Coached, Failed, Progress, coach_all
from coach.language import phrase, recalled
from coach.locking import PLAIN_COPY
from coach.nudges.commands import ShowNudge, TellOnce
from coach.report.card import make_card
from coach.report.exports import formats_named
from coach.report.once import asked_once
from coach.report.plain import clean, clock, figure_lines, moment_lines, no_nudge, nudge_lines
from coach.report.planned import lines as planned_lines
from coach.settings import Facts, Settings, facts_from, split_names
from coach.trouble import Trouble
from coach.ui.before_words import to_read_out
from coach.ui.wording import say
from coach.voices import NOBODY, ONLY, ORDINALS, Answer
from coach.writing import number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click._termui_impl import ProgressBar

    from coach.app import Ask, Unkept
    from coach.audio.block import AudioSource
    from coach.library import Opened
    from coach.nudges.commands import Command
    from coach.report.card import Card
    from coach.report.document import CallReport
    from coach.voices import Unknown


_LATER = "later"
_BAR = 1000
"""Steps of the progress bar a recording."""
_HEARD: Final = {
    frozenset({Who.REP}): "Listening to your microphone ({call_type}).",
    frozenset({Who.CUSTOMER}): "Listening to the other side ({call_type}).",
    frozenset(Who): "Listening to your microphone and the other side ({call_type}).",
}
_SPEAK_S = 5.0
"""So long a microphone is listened to before it is judged."""


def run_call(
    settings: Settings, sources: Sequence[AudioSource], save_to: Path | None = None, *, sound: bool = False
) -> None:
    """Coach one call until Ctrl-C; nudges and figures as lines.

    Args:
        settings: with the type of the call.
        sources: the devices.
        save_to: where the call is saved if it cannot be kept in its place; None to be asked.
        sound: keep words and sound of both sides.
    """
    plan, problem = before.plan_for_next()
    if problem:
        click.echo(phrase(problem), err=True)
    settings = before.with_plan(settings, plan)
    run = app.LiveRun(settings, sources, print_commands, keep_sound=sound, plan=plan)
    run.start()
    told = [phrase(_HEARD[frozenset(s.who for s in sources)], call_type=settings.call.type)]
    if run.tape is not None:
        told.append(phrase("Words and sound of this call are kept."))
    click.echo(" ".join([*told, phrase("Ctrl-C ends the call.")]))
    if settings.consent.reminder:
        click.echo(
            phrase(
                "To read out (no legal advice): {words}",
                words=to_read_out(run.settings, sound=run.tape is not None),
            )
        )
    until = threading.Event()
    try:
        app.on_stop_signals(until.set)
        until.wait()
    finally:
        click.echo("\n" + phrase("Writing down the last words ..."))
        report = run.stop()
    show_report(report)
    if run.unkept is not None:
        rescue(run.unkept, save_to)


def rescue(unkept: Unkept, save_to: Path | None) -> None:
    """Save a call that could not be kept elsewhere, as long as somebody says where.

    Args:
        unkept: the call.
        save_to: where; None to ask, where there is somebody to ask.
    """
    click.echo(f"\n{phrase(unkept.why)}", err=True)
    while True:
        folder = save_to
        if folder is None:
            if not sys.stdin.isatty():
                click.echo(
                    phrase("Nobody said where else to save it (--save-to FOLDER), so it is lost."), err=True
                )
                return
            answer = click.prompt(
                phrase("Save it in which folder? Nothing lets it go"), default="", show_default=False
            )
            if not answer.strip():
                return
            folder = Path(answer.strip()).expanduser()
        try:
            click.echo(phrase("saved: {path}", path=unkept.save_to(folder.absolute())))
        except Trouble as trouble:
            click.echo(str(trouble), err=True)
            save_to = None
        else:
            return


def check_sound(settings: Settings) -> None:
    """Hear both devices for a moment, then play the test tone; say what each of them hears.

    Raises:
        Trouble: when there is no microphone, or nothing to play on.
    """
    from coach.audio.devices import find_loopback, find_microphone  # noqa: PLC0415 - only this command tries devices
    from coach.audio.hearing import Hearing  # noqa: PLC0415 - the same

    states: dict[Who, str] = {}
    hearing = Hearing(
        lambda who, level: states.update({who: level.state}), lambda _, why: click.echo(phrase(why))
    )
    microphone, other = find_microphone(settings.audio.microphone), None
    try:
        hearing.open(Who.REP, microphone)
        if settings.audio.other_side != "none":
            try:
                other = find_loopback(settings.audio.other_side)
                hearing.open(Who.CUSTOMER, other)
            except Trouble as trouble:
                click.echo(str(trouble))
        click.echo(phrase("{name}: say a few words ...", name=clean(microphone.label)))
        threading.Event().wait(_SPEAK_S)
        click.echo(f"  {say(f'sound.rep.{states[Who.REP]}')}")
        click.echo(
            phrase(
                "{name}: two soft notes ...", name=clean(other.label) if other else phrase("No other side")
            )
        )
        tone = hearing.play_tone()
        elsewhere = other is not None and not other.default
        click.echo(f"  {say(f'sound.tone.{tone.other(elsewhere=elsewhere)}')}")
        if tone.leak:
            click.echo(f"  {say(f'sound.leak.{tone.leak}', gap=str(tone.gap_db))}")
    finally:
        for who in Who:
            hearing.close(who)


def run_reviews(
    paths: Sequence[Path],
    settings: Settings,
    jobs: int,
    json_out: Path | None,
    html_out: Path | None,
    *,
    also: Sequence[Wish] = (),
) -> None:
    """Coach recordings with one progress bar; print their reports in the order asked for, write them once done.

    ``also`` is what else is to be written of each, beside JSON and page.

    Raises:
        Trouble: of the one recording, or that some of several could not be coached.
        KeyboardInterrupt: after Ctrl-C, once it was said which recordings are done.
    """
    from coach.audio.media import refuse_what_is_no_file  # noqa: PLC0415 - only where a recording is heard

    several = len(paths) > 1
    if not several:
        refuse_what_is_no_file(paths[0])  # before a bar says that it is heard
    ended: dict[int, Coached | Failed] = {}
    lines: dict[int, list[str]] = {}
    parts = [0.0] * len(paths)
    shown = 0
    bar = click.progressbar(length=_BAR * len(paths), file=sys.stderr, show_eta=True, show_percent=True)

    def tell(event: Progress | Coached | Failed) -> None:
        nonlocal shown
        if isinstance(event, Progress):
            parts[event.index] = event.share
        else:
            parts[event.index] = 1.0
            if isinstance(event, Coached):
                lines[event.index] = write_out(
                    event.report, json_out, html_out, also, several=several, settings=settings
                )
            ended[event.index] = event
            bar.label = _label(paths, len(ended))
        bar.update(round(_BAR * sum(parts)) - bar.pos)
        while several and shown in ended:
            _show_end(ended[shown], settings, lines.get(shown, ()), above=bar)
            shown += 1

    try:
        with bar:
            bar.label = _label(paths, 0)
            bar.render_progress()
            coach_all(paths, settings, jobs, tell, asking(bar.update) if jobs == 1 else None)
    except KeyboardInterrupt:
        done = [paths[k].name for k in sorted(ended) if isinstance(ended[k], Coached)]
        click.echo(
            "\n"
            + phrase(
                "Done before you stopped: {names}. No half result was left.",
                names=clean(", ".join(done)) or phrase("nothing"),
            ),
            err=True,
        )
        raise
    failed = [e for e in ended.values() if isinstance(e, Failed)]
    if several and failed:
        raise Trouble(
            "{failed} of {count} recordings could not be coached.",
            "The others are done.",
            failed=len(failed),
            count=len(paths),
        )
    if failed:
        raise failed[0].trouble
    if not several:
        _show_end(ended[0], settings, lines[0])


def asking(again: Callable[[int], object]) -> Callable[[Path], Ask] | None:
    """Return what asks which voice of a recording is the rep's; None where nobody sits at this terminal.

    Args:
        again: draws the progress bar anew below what was asked.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def for_recording(path: Path) -> Ask:
        def ask(unknown: Unknown) -> Answer | None:
            answer = ask_voice(path.name, unknown)
            again(0)
            return answer

        return ask

    return for_recording


def ask_voice(name: str, unknown: Unknown) -> Answer | None:
    """Ask once which of a recording's voices is the rep's, told where each can be heard; None for not now.

    Args:
        name: of the recording.
        unknown: the voices.

    Raises:
        KeyboardInterrupt: at Ctrl-C, as anywhere else.
    """
    click.echo(
        "\n\n"
        + phrase(
            "{name} has one channel with {count} voices. Which is yours?",
            name=clean(name),
            count=unknown.count,
        ),
        err=True,
    )
    offered = [ORDINALS[s.voice] for s in unknown.samples]
    for word, s in zip(offered, unknown.samples, strict=True):
        heard = phrase(
            "heard at {at}, {length} in all", at=clock(s.start_ms / 1000), length=clock(s.spoken_ms / 1000)
        )
        click.echo(f"  {word:<7} {heard}", err=True)
    click.echo(f"  {ONLY:<7} {phrase('all of it is you')}\n  {NOBODY:<7} {phrase('none of it is')}", err=True)
    click.echo(f"  {_LATER:<7} {phrase('not now')}", err=True)
    choice = click.Choice([*offered, ONLY, NOBODY, _LATER], case_sensitive=False)
    try:
        rep = str(
            click.prompt(phrase("Your voice"), type=choice, default=_LATER, show_choices=False, err=True)
        )
    except click.Abort:
        raise KeyboardInterrupt from None  # a fault of this one recording it is not
    if rep in offered:
        click.echo(
            phrase(
                "Kept for this recording. To be found in others: coach voice enrol {name} --voice {rep}",
                name=clean(name),
                rep=rep,
            ),
            err=True,
        )
    return Answer(rep) if rep != _LATER else None


def _label(paths: Sequence[Path], done: int) -> str:
    if len(paths) > 1:
        return phrase("{n} of {all} done", n=done, all=len(paths))
    return phrase("{name}: listening", name=clean(paths[0].name))


def _show_end(
    event: Coached | Failed,
    settings: Settings,
    written: Sequence[str],
    *,
    above: ProgressBar[int] | None = None,
) -> None:
    """Print what became of one recording; a bar that is still going on gets a line of its own again."""
    if above is not None and not above.hidden:
        click.echo("", err=True)
    if isinstance(event, Failed):
        click.echo(str(event.trouble), err=True)
    else:
        show_review(event.report, settings)
        for line in written:
            click.echo(line)


def show_review(report: CallReport, settings: Settings) -> None:
    """Print one recording's nudges and its report."""
    click.echo(f"\n{clean(str(report.audio['file']))} ({settings.call.type})")
    if report.audio["note"]:
        click.echo(f"  {clean(recalled(report.audio['note']))}")
    for nudge, question in zip(report.nudges, asked_once(report).nudges, strict=True):
        click.echo("\n".join(nudge_lines(nudge, question)))
    if not report.nudges:
        click.echo(f"  {no_nudge(report)}")
    show_report(report)


def run_demo(settings: Settings) -> None:
    """Coach the bundled calls as fast as this machine can; they sell what they sell, not what the user does."""
    settings = app.with_speech(app.with_facts(settings, Facts()), None, "en")
    words = app.load_words_for_recordings(settings)
    for scene in scenes():
        click.secho(scene.title, bold=True)
        told = False

        def say(_: int, commands: Sequence[Command]) -> None:
            nonlocal told
            told = print_commands(commands) or told

        report = app.coach_recording(app.open_call(scene.sound, settings), settings, words, say)
        if not told:
            click.echo("  " + phrase("Not one nudge: a good call passes without a word."))
        show_report(report)
        click.echo("")


def print_commands(commands: Sequence[Command], *, over: bool = False) -> bool:
    """Print nudges and plain sentences as they fall due; say whether there was a nudge.

    Args:
        commands: what was to be done.
        over: the call is over, so each nudge has its suggestion, whatever a call may show.
    """
    nudged = False
    for command in commands:
        if isinstance(command, ShowNudge):
            nudged = True
            click.echo(
                "\n".join(nudge_lines(command.nudge, command.nudge.suggestion if over else command.offer))
            )
        elif isinstance(command, TellOnce):
            click.echo(f"  {clean(phrase(command.text))}")
    return nudged


def changed_facts(facts: Facts, changes: Sequence[str]) -> Facts:
    """Return facts with ``name=value`` changes; names in a list stand between commas.

    Raises:
        Trouble: for a change without '=', a fact that does not exist, or what a settings file could not hold.
    """
    values: dict[str, object] = asdict(facts)
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise Trouble(
                "'{change}' sets nothing.", 'Write it as products="Ferrolift, Doorman".', change=change
            )
        values[name] = split_names(value) if isinstance(values.get(name), list | tuple) else value
    return facts_from(values, "--set")


def show_facts(facts: Facts, path: Path) -> None:
    """Print what is known of the rep's trade, and where it stands."""
    click.echo(phrase("What you sell ({path}, [facts])", path=clean(str(path))))
    for f in fields(facts):
        value = getattr(facts, f.name)
        said = ", ".join(value) if isinstance(value, tuple) else value
        click.echo(f"  {f.name:<12} {clean(said) or '-'}")


def show_report(report: CallReport) -> None:
    """Print the moments, the figures, the findings, and how much of the call came late or was lost."""
    if report.moments:
        click.echo("\n".join([*moment_lines(report), ""]))
    click.echo("\n".join(figure_lines(report)))
    if report.prepared is not None:
        click.echo("\n".join(["", *planned_lines(report.prepared)]))
    if learned := report.audio.get("voice"):
        click.echo(f"\n  {clean(recalled(learned))}")
    if late := report.audio.get("sentences_late"):
        click.echo(
            "\n  "
            + phrase(
                "{late} of {n} sentences were written late: this machine was busy.",
                late=late,
                n=len(report.meters.sentences),
            )
        )
    if dropped := report.audio.get("blocks_dropped"):
        click.echo(
            "  "
            + phrase(
                "{dropped} s of sound were lost: this machine was too busy to listen.",
                dropped=number(dropped / 50, 1),
            )
        )


def write_out(
    report: CallReport,
    json_out: Path | None,
    html_out: Path | None,
    also: Sequence[Wish] = (),
    *,
    several: bool,
    settings: Settings | None = None,
) -> list[str]:
    """Write a report where it was asked for; all files are whole, or none is there.

    What was put right by hand about an earlier session of the same recording counts.

    Returns:
        A line for each file.

    Raises:
        Trouble: when one cannot be written.
    """
    named = [
        Wish(out, formats_named([name]), folder=out.is_dir())
        for out, name in ((json_out, "json"), (html_out, "html"))
        if out
    ]
    written = export(_card(report, settings), [*named, *also], several=several) if (named or also) else []
    plain = [f"  {phrase(PLAIN_COPY)}"] if written and locker.is_on(app.sessions_folder()) else []
    return [*("  " + phrase("written: {path}", path=clean(str(path))) for path in written), *plain]


def _card(report: CallReport, settings: Settings | None) -> Card:
    """Return the card of a recording; with what was written by hand beside its session, where something was."""
    kept = Path(str(report.audio.get("session", "")))
    if not report.audio.get("session") or not hand_path(kept).exists():
        return make_card(report)
    opened = library.open_session(kept, settings or Settings())
    card = card_of(opened)
    return replace(card, report=replace(opened.report, audio=report.audio))


def export_session(name: str, settings: Settings, to: Sequence[str], formats: Sequence[str]) -> None:
    """Write a kept session to places in formats, and print where each file is.

    Raises:
        Trouble: for a session that is not there, a format that is none, a place that cannot be written.
    """
    wanted = wishes(to, formats)
    opened = library.open_session(library.find_session(name), settings)
    for path in export(card_of(opened, _past(opened)), wanted, session=opened.path.absolute()):
        click.echo(phrase("written: {path}", path=clean(str(path))))
    if locker.is_on(opened.path):
        click.echo(phrase(PLAIN_COPY))


def _past(opened: Opened) -> list[dict[str, float]]:
    """Return what a call is set against; nothing, and why, where that cannot be had."""
    try:
        return past_of(opened)
    except Trouble as trouble:
        click.echo(phrase("It is not set against your earlier calls: {what}", what=trouble.what), err=True)
        return []
