"""The command line.

Owns the commands, their help and their exit codes: 0 done, 1 a fault of ours, 2 something the user can mend
(one sentence on what is wrong, one on what to do), 130 stopped by Ctrl-C. Knows all rooms; decides nothing.
"""

from __future__ import annotations

import io
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from coach import __version__, before_cli, cli_help, language, offline
from coach.keeping_cli import COMMANDS as KEEPING
from coach.language import phrase, recalled
from coach.lock_cli import leave_to_window, listen, lock, open_once
from coach.remote_cli import COMMANDS
from coach.settings import CALL_TYPES
from coach.stage_cli import stage
from coach.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.audio.block import AudioSource
    from coach.audio.devices import Device
    from coach.jobs import Tell
    from coach.settings import Settings

BAD_INPUT = 2
STOPPED = 130
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Coach(click.Group):
    """Commands in the order in which a newcomer meets them."""

    ORDER = (
        "live",
        "prepare",
        "consent",
        "review",
        "open",
        "export",
        "demo",
        "stage",
        "replay",
        "sessions",
        "trends",
        "forget",
        "lock",
        "keep",
        "panic",
        "facts",
        "preferences",
        "toggle",
        "start",
        "pause",
        "stop",
        "hide",
        "show",
        "not-now",
        "models",
        "voice",
        "sound",
        "devices",
        "doctor",
        "cues",
        "bench",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        known = super().list_commands(ctx)
        return sorted(known, key=lambda n: self.ORDER.index(n) if n in self.ORDER else len(self.ORDER))


_TYPE = click.option(
    "--type",
    "call_type",
    metavar="TYPE",
    help=f"Kind of call: {', '.join(CALL_TYPES)}.  [default: discovery]",
)
_OF_TYPE = click.option(
    "--type", "call_type", metavar="TYPE", help=f"Only calls of this kind: {', '.join(CALL_TYPES)}."
)
_MODEL = click.option(
    "--model", metavar="NAME", help="Speech model: a name that 'coach models' lists, or a folder."
)
_LANGUAGE = click.option(
    "--language",
    metavar="XX",
    help="What is spoken, such as de; cues are read in English only, and nothing is guessed.",
)
_FACTS = click.option(
    "--facts",
    "facts_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take what you sell from the [facts] of this settings file.",
)

_TO = click.option(
    "--to",
    "places",
    multiple=True,
    metavar="OUT",
    help="Write the result here: a file, whose ending tells the format, or a folder. More than once if you like.",
)
_FORMATS = click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAMES",
    help="For folders: html, pdf, json, csv, sentences, md, vtt, srt, corrections; several with commas."
    "  [default: html]",
)


@click.group(cls=_Coach, invoke_without_command=True, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="coach")
@click.option(
    "--settings",
    "settings_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use this settings file.",
)
@click.pass_context
def cli(ctx: click.Context, settings_path: Path | None) -> None:
    """The quiet friend at the edge of the call.

    Coach listens to your side of a sales call, and to theirs where it can, notices when you talk too long or
    jump to pitching, and shows one gentle nudge. Nothing leaves this machine.

    Without a command it starts the tray app. Without a screen or a microphone it says so and coaches the
    bundled demo calls here.
    """
    from coach import app

    app.settle_environment()
    language.write_in(language.chosen(app.language_of(settings_path)))
    listen()
    if settings_path is not None and ctx.invoked_subcommand in _OF_CALLS:
        app.load_settings(
            settings_path
        )  # they need nothing of it; whoever names a file that is not there mistyped
    ctx.obj = settings_path
    if ctx.invoked_subcommand is None:
        _start(_settings(ctx, None), settings_path)


_OF_CALLS: Final = ("sessions", "trends", "forget")


def _settings(ctx: click.Context, call_type: str | None) -> Settings:
    from coach import app

    return app.for_call(app.load_settings(ctx.obj), call_type)


def _start(settings: Settings, settings_path: Path | None) -> None:
    """Start the tray app where there is a screen and a microphone, the demo in the terminal elsewhere."""
    from coach import terminal

    screen, microphone = _screen_is_ready(), bool(_microphones())
    if not (screen and microphone):
        if screen:
            why = phrase("There is no microphone here, so Coach coaches its two demo calls in this terminal.")
        elif microphone:
            why = phrase("There is no screen here, so Coach coaches its two demo calls in this terminal.")
        else:
            why = phrase(
                "There is no screen and no microphone here, so Coach coaches its two demo calls in this terminal."
            )
        click.echo(f"{why}\n")
        terminal.run_demo(settings)
        return
    from coach.desktop import run_tray

    leave_to_window()
    sys.exit(run_tray(settings, settings_path))


def _screen_is_ready() -> bool:
    """Say whether windows can be shown, and set Qt's way to them; tell what is missing where it is a library."""
    from coach import marks
    from coach.ui.screen import debian_packages, missing_libraries, prepare_platform, screen_available

    if marks.wanted() and os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return True  # who measures where there is no screen says so
    if not screen_available():
        return False
    if sys.platform == "linux" and (missing := missing_libraries()):
        wanted = " ".join(debian_packages(missing))
        click.echo(
            phrase(
                "The overlay needs {names}. On Debian or Ubuntu: sudo apt-get install -y {wanted}",
                names=", ".join(missing),
                wanted=wanted,
            ),
            err=True,
        )
        return False
    prepare_platform()
    return True


def _microphones() -> Sequence[Device]:
    """List the microphones; none where the machine cannot record at all, and say why."""
    from coach.audio.devices import list_devices

    try:
        return [d for d in list_devices() if d.kind == "microphone"]
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        return []


@cli.command()
@click.option(
    "--mic", metavar="NAME", help="Microphone, as 'coach devices' names it.  [default: the system's]"
)
@click.option("--other", metavar="NAME", help="Loopback of the other side; 'none' for the microphone alone.")
@_TYPE
@_MODEL
@_LANGUAGE
@click.option("--headless", is_flag=True, help="Nudges as lines here, even where there is a screen.")
@click.option(
    "--save-to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Where the call is saved if it cannot be kept in its place.  [default: ask]",
)
@click.option(
    "--sound", is_flag=True, help="Keep words and sound of both sides, of this call alone. Ask them first."
)
@click.option("--empty-room", is_flag=True, hidden=True, help="Hear an empty room instead of devices.")
@click.pass_context
def live(
    ctx: click.Context,
    mic: str | None,
    other: str | None,
    call_type: str | None,
    *,
    model: str | None,
    language: str | None,
    headless: bool,
    empty_room: bool,
    save_to: Path | None,
    sound: bool,
) -> None:
    """Coach one call, now. Ctrl-C ends it and shows the figures.

    \b
    Examples:
      coach live                            overlay, default devices
      coach live --type demo --headless     lines in this terminal
      coach live --other none               microphone alone
    """
    from coach import app, before, upkeep

    prepared, _ = before.plan_for_next()
    call_type = call_type or (prepared.call_type if prepared is not None else None) or None
    settings = app.with_speech(_settings(ctx, call_type), model, language)
    settings = app.with_devices(settings, mic, other)
    app.check_speech(settings)
    open_once()
    for said in upkeep.at_start(settings, datetime.now().astimezone().date()):  # noqa: TID251 - the day it is
        click.echo(phrase(said), err=True)

    def devices(settings: Settings) -> tuple[Sequence[AudioSource], str]:
        return (app.quiet_room(), "") if empty_room else app.devices(settings)

    if headless or not _screen_is_ready():
        from coach import terminal

        if not empty_room:
            before.check_consent()
        sources, note = devices(settings)
        if note:
            click.echo(phrase(note), err=True)
        terminal.run_call(settings, sources, save_to, sound=sound)
        return
    from coach.desktop import run_call

    report, unkept = run_call(settings, devices, ctx.obj, sound=sound, real=not empty_room)
    from coach import terminal

    if report is not None:
        terminal.show_report(report)
    if unkept is not None:
        terminal.rescue(unkept, save_to)


@cli.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...|FOLDER..."
)
@_TYPE
@click.option(
    "--json",
    "json_out",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write the result as JSON: a file, or a folder for several recordings.",
)
@click.option(
    "--html",
    "html_out",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write the result as a page: a file, or a folder for several recordings.",
)
@_TO
@_FORMATS
@click.option("--swap", is_flag=True, help="Left is the customer, right is you.")
@_MODEL
@_LANGUAGE
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Coach so many recordings at a time.",
)
@_FACTS
@click.option(
    "--rep",
    metavar="WHO",
    help="In one channel, who you are: first or second to speak, a name enrolled, or only (no voice but yours).",
)
@click.option("--no-keep", is_flag=True, help="Keep no session of it.")
@click.option("--recursive", is_flag=True, help="Look into the folders within a folder too.")
@click.option("--again", is_flag=True, help="Coach what was done before anew.")
@click.option(
    "--parquet",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write three tables of all calls, sentences and nudges.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Coach on a Dask cluster that sees the same folders.")
@click.pass_context
def review(
    ctx: click.Context,
    files: tuple[Path, ...],
    call_type: str | None,
    *,
    json_out: Path | None,
    html_out: Path | None,
    places: tuple[str, ...],
    formats: tuple[str, ...],
    model: str | None,
    language: str | None,
    facts_path: Path | None,
    rep: str | None,
    jobs: int,
    swap: bool,
    no_keep: bool,
    recursive: bool,
    again: bool,
    parquet: Path | None,
    scheduler: str | None,
) -> None:
    """Coach recordings, faster than real time.

    Any file with sound will do: WAV, FLAC, MP3, M4A, OGG, MP4, MKV. In stereo, left is you and right is the
    customer (turn it round with --swap). In one channel the voices are told apart; Coach knows yours by --rep or by
    'coach voice enrol', and else asks once. Where only one voice is heard, it is taken as yours.

    Of a folder, every recording in it is coached that was not coached before with the same settings: so stop when
    you like, and start again.

    \b
    Examples:
      coach review call.mp4
      coach review *.wav --type demo --json results/
      coach review anruf.ogg --model base --language de
      coach review call.mp4 --to card.pdf
      coach review *.wav --to results/ --format html,csv
      coach review calls/ --jobs 2
      coach review calls/ --recursive --parquet tables/ --scheduler tcp://10.0.0.5:8786
      coach review memo.m4a --rep first
    """
    from coach import app, exporting, terminal

    wanted = exporting.wishes(places, formats)

    settings = app.with_swap(app.with_rep(_settings(ctx, call_type), rep), swap=swap)
    settings = app.with_speech(settings, model, language)
    settings = app.with_facts(settings, app.load_facts(settings, facts_path))
    if no_keep:
        settings = app.with_set(settings, ['storage.keep="nothing"'])
    if not (parquet or scheduler or any(path.is_dir() for path in files)):
        terminal.run_reviews(files, settings, jobs, json_out, html_out, also=wanted)
        return
    from coach import batch, many
    from coach.cluster import coach_on_cluster
    from coach.jobs import coach_all

    def coach(paths: Sequence[Path], tell: Tell) -> None:
        if scheduler is None:
            coach_all(paths, settings, jobs, tell)
        else:
            coach_on_cluster(paths, settings, scheduler, tell)

    plan = batch.make_plan(files, settings, recursive=recursive, again=again, look=many.looking)
    many.run_many(plan, settings, coach, many.Outputs(json_out, html_out, parquet, wanted))


@cli.command("open", short_help="Look at a past call: words, sound, what stood out.")
@click.argument("call", default="last")
@_TYPE
@click.pass_context
def look(ctx: click.Context, call: str, call_type: str | None) -> None:
    """Look at a past call: two lanes, its words, its sound and what stood out.

    CALL is a recording (coached first, where it was not yet), the name of a session or the beginning of one, or
    'last'.

    \b
    Examples:
      coach open                  the last call that was kept
      coach open call.mp4
      coach open 2026-11-22
    """
    from coach import library, terminal

    settings = _settings(ctx, call_type)
    if Path(call).is_file() and not call.endswith(library.ENDING):
        session = library.recording_session(library.checksum(Path(call)))
        if not session.exists():
            terminal.run_reviews([Path(call)], settings, 1, None, None)
            if not session.exists():
                return  # it may not, or could not, be kept; what was found is on the screen
    else:
        session = library.find_session(call)
    if not _screen_is_ready():
        report = library.open_session(session, settings).report
        if note := report.audio.get("note"):
            click.echo(recalled(note))
        terminal.show_report(report)
        return
    from coach.desktop import run_review

    sys.exit(run_review(settings, session, ctx.obj))


@cli.command(short_help="Write a past call: page, PDF, tables, subtitles.")
@click.argument("session", default="")
@_TO
@_FORMATS
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Everything that Coach keeps, into a new folder.",
)
@click.pass_context
def export(
    ctx: click.Context, session: str, places: tuple[str, ...], formats: tuple[str, ...], folder: Path | None
) -> None:
    """Write a past call out: the report card as page, PDF or Markdown, its figures, its words.

    SESSION is the name of a kept session, the beginning of one, 'last', or its file. Without --to the page is
    written into this folder. Nothing is changed about the session. With --all FOLDER all of it is written out instead:
    every session, notes, sound, settings, and a list of what is where.

    \b
    Formats:
      html         the report card as one page, to read and to print
      pdf          the report card on paper
      json         everything, for programs
      csv          the figures, for a spreadsheet
      sentences    every sentence with its cues, for a spreadsheet
      md           the report card as Markdown
      vtt, srt     what was said, as subtitles with speakers
      corrections  what you put right beside what Coach heard

    \b
    Examples:
      coach export last
      coach export last --to card.pdf --to words.vtt
      coach export 2026-11-20 --to results/ --format html,csv,json
      coach export --all coach-2026-11-23/
    """
    from coach import app, terminal

    settings = app.load_settings(ctx.obj)
    if folder is not None and not (session or places or formats):
        from coach.everything import export_all

        click.echo(phrase(export_all(folder, settings, ctx.obj or app.settings_file())))
        return
    if folder is not None or not session:
        raise Trouble("It is not clear what to export.", "Name one session, or say --all FOLDER alone.")
    terminal.export_session(session, settings, places or (".",), formats)


@cli.command()
@click.option("--headless", is_flag=True, help="Lines here, even where there is a screen.")
@click.pass_context
def demo(ctx: click.Context, *, headless: bool) -> None:
    """Coach the two bundled calls: the same customer, twice.

    In the first take the rep sells at once; in the second the rep listens. With a screen they are played
    through the live line, with the overlay; without one they run here as lines, faster than real time.
    """
    from coach import terminal

    settings = _settings(ctx, None)
    if headless or not _screen_is_ready():
        terminal.run_demo(settings)
        return
    from coach.desktop import run_demo

    sys.exit(run_demo(settings, ctx.obj))


@cli.command()
@click.argument("session", type=click.Path(path_type=Path))
@click.option(
    "--set",
    "limits",
    multiple=True,
    metavar="SECTION.KEY=VALUE",
    help="Replay with another setting, such as limits.discovery.monologue_s=60.",
)
@_FACTS
@click.pass_context
def replay(ctx: click.Context, session: Path, limits: tuple[str, ...], facts_path: Path | None) -> None:
    """Send a stored session down the line again.

    SESSION is a name as 'coach sessions' lists it, the beginning of one, 'last', or its file.

    The same events give the same nudges; with --set, what other limits would have said. The session knows what
    you sold then; with --facts, or a --set of one, its sentences are read anew.
    """
    from coach import app, library, terminal

    mine = app.load_settings(ctx.obj)
    settings = app.with_set(app.with_facts(mine, app.load_facts(mine, facts_path)), limits)
    others = facts_path is not None or settings.facts != mine.facts
    session = session if session.exists() or session.suffix else library.find_session(str(session))
    report, commands = app.replay(session, settings, settings.facts if others else None)
    terminal.print_commands(commands, over=True)
    terminal.show_report(report)


@cli.command(short_help="List the calls that are kept.")
@_OF_TYPE
@click.option("--tag", default="", metavar="TAG", help="Only those with this tag.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only from this day on, as 2026-11-22."
)
@click.option("--json", "as_json", is_flag=True, help="Everything that is known of each, as JSON.")
def sessions(call_type: str | None, tag: str, since: datetime | None, *, as_json: bool) -> None:
    """List the calls that are kept, the latest first.

    \b
    Examples:
      coach sessions --type demo --since 2026-11-01
      coach sessions --tag won --json
    """
    from coach import sessions_desk
    from coach.report.listing import Wanted

    wanted = Wanted(call_type=_known(call_type), tag=tag, since=since.date() if since else None)
    sessions_desk.show_sessions(wanted, as_json=as_json)


@cli.command(short_help="Medians over your last calls.")
@_OF_TYPE
def trends(call_type: str | None) -> None:
    """Show the medians of your last ten calls of a type, with their counts. Two calls are no trend.

    Like is set against like; without --type, calls of the type of your latest. Never a score.
    """
    from coach import sessions_desk

    sessions_desk.show_trends(_known(call_type), datetime.now().astimezone().date())  # noqa: TID251 - the day it is


@cli.command(short_help="Delete calls that are kept.")
@click.argument("names", nargs=-1, metavar="[SESSION...]")
@click.option(
    "--older-than",
    default="",
    metavar="AGE",
    help="All that were kept for longer than this: 30 (days), 30d, 8w.",
)
@click.option("--yes", "sure", is_flag=True, help="Without asking.")
def forget(names: tuple[str, ...], *, older_than: str, sure: bool) -> None:
    """Delete calls that are kept: log, notes by hand, and all that was drawn from them.

    Recordings stay where they are, and so do copies that you exported: these are named. SESSION is a name as
    'coach sessions' lists it, the beginning of one, or 'last'. A solid-state disk may keep what was deleted for a
    while, where no program can reach it.

    \b
    Examples:
      coach forget last
      coach forget --older-than 30d
    """
    from coach import sessions_desk

    if not names and not older_than:
        raise Trouble("Nothing was named to forget.", "Name a session, or say --older-than 30d.")
    today = datetime.now().astimezone().date()  # noqa: TID251 - the day it is
    sessions_desk.forget(names, sure=sure, older_than=older_than, today=today)


def _known(call_type: str | None) -> str:
    """Return a type of call, empty for none. Raises `Trouble` for one that does not exist."""
    if call_type is not None and call_type not in CALL_TYPES:
        raise Trouble(
            "There is no call type '{call_type}'.",
            "Choose one of: {names}.",
            call_type=call_type,
            names=", ".join(CALL_TYPES),
        )
    return call_type or ""


@cli.command(short_help="Show or set what you sell.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change one, with commas between names; nothing after '=' takes it away.",
)
@click.pass_context
def facts(ctx: click.Context, changes: tuple[str, ...]) -> None:
    """Show or set what you sell: names, competitors, your ONLY statement, jargon.

    With them Coach hears these names better, knows a pitch by your product's name, and tells after a call
    whether your ONLY statement was said. In the tray: "What I sell".

    \b
    Examples:
      coach facts
      coach facts --set products="Ferrolift, Doorman" --set competitors=Liftmaster
      coach facts --set only="We are the only ones who mend it the same day"
    """
    from coach import app, terminal
    from coach.settings_file import save_facts

    known = app.load_settings(ctx.obj).facts
    path = ctx.obj or app.settings_file()
    if changes:
        known = terminal.changed_facts(known, changes)
        save_facts(path, known)
    terminal.show_facts(known, path)


@cli.group(short_help="Speech models: what is here, get others, remove.", invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List the speech models, get another, check or remove one.

    tiny.en comes with Coach and works without any network. Only 'coach models get' ever opens a connection: to the
    two servers in the catalogue, sending nothing about you. What comes is used only when every byte is right.

    \b
    Examples:
      coach models                list them
      coach models get base       for other languages: then --model base --language de
      coach models get small.en   larger and slower, meant to hear English better
    """
    if ctx.invoked_subcommand is None:
        from coach import models_desk

        models_desk.show_models(_settings(ctx, None))


@models.command("get", short_help="Download a model, or go on with a download.")
@click.argument("name")
def models_get(name: str) -> None:
    """Download a model, and check every byte. Stopped with Ctrl-C, it goes on from there next time.

    \b
    Example:
      coach models get base
    """
    from coach import models_desk

    models_desk.get(name)


@models.command("remove")
@click.argument("name")
@click.pass_context
def models_remove(ctx: click.Context, name: str) -> None:
    """Remove a downloaded model, or what is here of one."""
    from coach import models_desk

    models_desk.remove(name, _settings(ctx, None))


@models.command("check")
@click.argument("name", required=False)
def models_check(name: str | None) -> None:
    """Check a model, or all that are here, byte by byte."""
    from coach import models_desk

    models_desk.check(name)


@cli.group(short_help="Voices that Coach knows: enrol, list, forget.", invoke_without_command=True)
@click.pass_context
def voice(ctx: click.Context) -> None:
    """Let Coach know your voice, to find you in recordings with one channel.

    A voiceprint is biometric data. It stays on this computer, goes into no session, report or export, and is made only
    after you say yes.

    \b
    Examples:
      coach voice enrol call.wav --channel left
      coach voice list
      coach voice forget me
    """
    if ctx.invoked_subcommand is None:
        from coach import voice_desk

        voice_desk.show()


@voice.command("enrol", short_help="Take a print of your voice from a recording.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--channel",
    type=click.Choice(["left", "right"]),
    default="left",
    show_default=True,
    help="Your side of a recording with two.",
)
@click.option(
    "--voice", "which", default="", metavar="WHICH", help="Which of several voices: first or second to speak."
)
@click.option("--name", default="me", show_default=True, help="Whose voice it is.")
@click.option("--yes", is_flag=True, help="You know what a voiceprint is, and agree.")
@click.pass_context
def voice_enrol(ctx: click.Context, file: Path, *, channel: str, which: str, name: str, yes: bool) -> None:
    """Take a print of your voice: ten seconds of it or more, best through the microphone that you record with.

    \b
    Examples:
      coach voice enrol call.wav --channel left
      coach voice enrol memo.m4a --voice first --name Ana
    """
    from coach import voice_desk

    voice_desk.enrol(_settings(ctx, None), file, channel=channel, voice=which, name=name, agreed=yes)


@voice.command("list")
def voice_list() -> None:
    """List the voices that Coach knows."""
    from coach import voice_desk

    voice_desk.show()


@voice.command("forget")
@click.argument("name")
def voice_forget(name: str) -> None:
    """Delete every print of a voice, for good."""
    from coach import voice_desk

    voice_desk.forget(name)


@cli.command(short_help="Check what is heard: microphone, other side, leak.")
@click.option("--headless", is_flag=True, help="Check here, even where there is a screen.")
@click.pass_context
def sound(ctx: click.Context, *, headless: bool) -> None:
    """Choose microphone and other side, see that both are heard, and play a test tone.

    Nothing is recorded. Without a screen the devices of the settings are checked here, in a quarter of a minute.
    """
    from coach import app

    settings = app.load_settings(ctx.obj)
    if headless or not _screen_is_ready():
        from coach import terminal

        terminal.check_sound(settings)
        return
    from coach.desktop import run_sound

    sys.exit(run_sound(settings, ctx.obj))


@cli.command(short_help="List microphones and loopbacks.")
def devices() -> None:
    """List microphones and loopbacks, as --mic and --other take them."""
    from coach.audio.devices import list_devices
    from coach.report.plain import clean

    everything = list_devices()
    for title, kind, none in (
        (
            phrase("Microphones"),
            "microphone",
            phrase("none found: plug one in, or check that the sound server runs"),
        ),
        (
            phrase("Other side (loopback)"),
            "loopback",
            phrase("none found: calls go on with the microphone alone"),
        ),
    ):
        click.secho(title, bold=True)
        found = [d for d in everything if d.kind == kind]
        for device in found:
            click.echo(
                f"  {'*' if device.default else ' '} {clean(device.label)}\n      {clean(device.identity)}"
            )
        if not found:
            click.echo(f"    {none}")
    click.echo("  * " + phrase("the system's own choice"))


@cli.command()
@click.option(
    "--settings", "list_settings", is_flag=True, help="List every setting with its default, range and unit."
)
@click.option(
    "--bundle", is_flag=True, help="Write a report for a bug, a plain text that holds no word of any call."
)
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Where the report goes.  [default: here]"
)
@click.pass_context
def doctor(ctx: click.Context, *, list_settings: bool, bundle: bool, to: Path | None) -> None:
    """Check what is here, what is missing, and how to mend it."""
    from coach import bundle as reporting
    from coach import doctor as examination
    from coach.report.plain import clean

    if bundle:
        place = to or reporting.default_place()
        reporting.write_bundle(place, ctx.obj)
        click.echo(f"{place}\n{phrase('Read it before you send it to anybody. Nothing was sent.')}")
        return
    if list_settings:
        click.echo("\n".join(examination.setting_lines()))
        return
    well = True
    for check in examination.examine(ctx.obj):
        mark = phrase({"well": "ok", "note": "note", "ill": "FAIL"}[check.state])
        click.echo(f"  {mark:<7}{clean(phrase(check.what))}")
        if check.mend:
            click.echo(f"         {clean(phrase(check.mend))}")
        well = well and check.state != "ill"
    if not well:
        sys.exit(BAD_INPUT)


@cli.command("cues", short_help="Label sentences: JSON lines in and out.")
@_FACTS
@click.pass_context
def label(ctx: click.Context, facts_path: Path | None) -> None:
    """Label sentences: JSON lines in, the same lines with cues and scores out.

    \b
    Example:
      echo '{"call": "1", "who": "rep", "text": "How do you do that today?"}' | coach cues
    """
    from coach import app
    from coach.cues.lines import label_lines

    known = app.load_facts(app.load_settings(ctx.obj), facts_path)
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    for line in label_lines(lines, known):
        click.echo(line)


@cli.group(short_help="Measure what Coach costs here.")
def bench() -> None:
    """Measure delays, processor and memory on this machine; a table, and JSON with --json."""


@bench.command("live")
@click.argument("recording", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--load", type=click.IntRange(0, 64), default=0, metavar="N", help="Run N busy loops beside it."
)
@click.option("--seconds", type=click.FloatRange(5), metavar="S", help="Play only the beginning.")
@click.option(
    "--json", "json_out", type=click.Path(path_type=Path), metavar="OUT", help="Write the figures here too."
)
@click.pass_context
def bench_live(
    ctx: click.Context, recording: Path, load: int, seconds: float | None, json_out: Path | None
) -> None:
    """Play a recording in real time through the line of a live call.

    \b
    Example:
      coach bench live call.ogg --load 2 --json live.json
    """
    from coach.bench import live as measure
    from coach.bench import table

    rows = measure.measured(recording, _settings(ctx, None), load=load, seconds=seconds)
    title = f"live, {recording.name}" + (f", beside {load} busy loops" if load else "")
    table.show(title, rows)
    if json_out is not None:
        table.write(json_out, title, rows)


@bench.command()
@click.option("--runs", type=click.IntRange(1), default=5, show_default=True, help="Start so many times.")
@click.option(
    "--idle-s",
    type=click.FloatRange(0),
    default=0.0,
    metavar="SECONDS",
    help="Then measure the cost of silence.",
)
@click.option(
    "--json", "json_out", type=click.Path(path_type=Path), metavar="FILE", help="Write the figures here too."
)
def start(runs: int, idle_s: float, json_out: Path | None) -> None:
    """Measure how long Coach takes to be there, and what it costs while nobody speaks.

    Starts the program as a process, with the devices and the screen of this machine; where there are none,
    with an empty room to hear and with windows that nobody sees.

    \b
    Example:
      coach bench start --idle-s 20 --json start.json
    """
    from coach.bench import start as measure
    from coach.bench import table

    silent = not _microphones() or not measure.may_listen()
    rows = measure.measured(runs, idle_s, empty_room=silent, offscreen=not _screen_is_ready())
    title = "start, in an empty room that is played" if silent else "start"
    table.show(title, rows)
    if json_out is not None:
        table.write(json_out, title, rows)


@bench.command("review")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Review so many times.")
@click.option("--against", is_flag=True, help="Run faster-whisper's batched pipeline too, in turns.")
@click.option(
    "--json", "json_out", type=click.Path(path_type=Path), metavar="FILE", help="Write the figures here too."
)
@click.pass_context
def bench_review(
    ctx: click.Context, files: tuple[Path, ...], runs: int, json_out: Path | None, *, against: bool
) -> None:
    """Measure how fast recordings are coached, and at what cost.

    Where a JSON with sentences lies beside a recording, the share of wrong words is counted too.

    \b
    Example:
      coach bench review d01.ogg d02.ogg --against --runs 5 --json review.json
    """
    from coach.bench import review as measure
    from coach.bench import table

    rows = measure.measured(files, _settings(ctx, None), runs, against=against)
    table.show("review", rows)
    if json_out is not None:
        table.write(json_out, "review", rows)


cli.add_command(stage)
cli.add_command(lock)
for command in (*COMMANDS, *KEEPING, *before_cli.COMMANDS):
    cli.add_command(command)
cli_help.speak(cli)


def _settings_named(words: Sequence[str]) -> Path | None:
    """Return the settings file that a line names, before it is read as a whole: help needs to know its language."""
    for at, word in enumerate(words):
        if word.startswith("--settings="):
            return Path(word.partition("=")[2])
        if word == "--settings" and at + 1 < len(words):
            return Path(words[at + 1])
    return None


def main() -> None:
    """Run the command line; turn what a user can mend into one sentence and code 2."""
    from coach import app, mishaps

    mishaps.note_in(app.data_folder())
    offline.install()
    language.write_in(language.chosen(app.language_of(_settings_named(sys.argv[1:]))))
    try:
        code = cli(standalone_mode=False)
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as e:
        cli_help.show(e)
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo(phrase("Stopped."), err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
