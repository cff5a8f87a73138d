"""Does the rep tell of another customer, or fix what happens next.

Owns the forms of a story and of a next step. Refuses to know any industry, and what a pitch is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.cues.weighing import LINE, any_of, clue, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence

_QUESTION: Final = -7.0  # a story is told, not asked


_STORY: Final = (
    clue(
        2.2,
        "another customer",
        r"(?:a|an|another|one|this|some|few|couple of|two|three|one of (?:our|my)"
        r"|one of the)(?: \w+){0,3} (?:customer|client|customers|clients|company|firm|business|plant|shop"
        r"|school|hospital|clinic|practice|hotel|restaurant|bakery|brewery|dealer|dealership|factory|farm"
        r"|warehouse|agency|council|charity|bank|team|nursery|nurseries|farmer|dentist|lawyer|accountant"
        r"|caterer|parish|church|venue|winery|vineyard|lab|workshop|yard|mill|carrier|fleet|supplier"
        r"|distributor|wholesaler|startup|start up|association|society|trust|owner|manager|family|couple"
        r"|retailer|manufacturer|chain|site|studio|garage|gym|office|school|lab|depot|port|airline|college"
        r"|university|surgery|theatre|museum|hauler|builder|contractor|landlord|director|guy|lady|woman"
        r"|chap|fella|bloke|gentleman|user)s?(?: \w+){0,6} (?:of ours|we (?:work|worked|did|helped|looked"
        r"|know|have)|in|near|up|down|with|who|that|had|was|were|came|called|told|said|went|switched|used"
        r"|lost|started|got|about your size|like you|similar|just like|last)",
        r"(?:customer|client|friend)s? of (?:ours|mine)",
        r"(?:we|i) (?:had|worked with|helped|did (?:that|this|it|one|the same) (?:for|with|at)|saw"
        r"|looked after|did a|did|put (?:it|this|that|one) in (?:for|at)|spoke to|visited|were at|was at"
        r"|know a|'ve got a|have a)(?: \w+){0,3} (?:company|customer|client|shop|plant|firm|school|business"
        r"|team|chain|hotel|factory|brewery|bakery|hospital|clinic|in \w+|last (?:year|spring|summer|autumn"
        r"|fall|winter|month)|up north|down south|just like|similar)",
        r"(?:about|roughly) your size|similar to (?:you|yours)|in the same (?:boat|position|situation)"
        r"|same problem|just like (?:you|yours)|your (?:line|kind) of (?:work|business)|not unlike (?:you"
        r"|yours)",
    ),
    clue(
        1.5,
        "told in the past",
        r"(?:they|he|she|their \w+|the \w+)(?:'d| had| were| was)? (?:went|came|had|lost|changed|switched"
        r"|moved|started|cut|saved|got|called|rang|told|said|found|tried|spent|bought|decided|doubled"
        r"|halved|ended|ordered|reduced|increased|stopped|signed|hired|were|was|sent|used to|couldn't"
        r"|didn't|installed|rolled|discovered|realised|realized)",
        r"(?:six|two|three|four|a few|\d+) (?:weeks|months|days|years) (?:later|after|on|in)",
        r"within (?:\w+ )?(?:weeks?|months?|a year|days)",
    ),
    clue(
        1.0,
        "when it was",
        r"last (?:year|spring|summer|autumn|fall|winter|month|week|christmas|january|february|march|april"
        r"|june|july|august|september|october|november|december)|in (?:january|february|march|april|june"
        r"|july|august|september|october|november|december)|a (?:while|few years|couple of years"
        r"|year) (?:ago|back)|years ago|the other (?:day|week)|once",
    ),
    clue(
        -3.5,
        "you, me and our call",
        r"(?:you|your) (?:said|told|mentioned|were|had|had said)|last time (?:you|we)|we (?:spoke|talked"
        r"|met)",
        r"^(?:i|we) (?:was|am|'m|'re|'ll|will)",
    ),
)

_STORY_BIAS: Final = -2.0

_STORY_GOES_ON: Final = 1.9

_TELLS_ON: Final = any_of(
    r"(?:they|their|them|he|she|her|his)",
    r"(?:they'd|they've|they're|he'd|she'd|he's|she's)",
    r"(?:weeks|months|days|years) (?:later|after)",
    r"(?:it|that) (?:was|turned|had)",
    r"in the end|turned out|nobody's|ended up",
)

_PAST: Final = any_of(
    r"\w{2,}ed|was|were|had|did|went|came|got|told|said|lost|found|cut|saw|took|made|kept|bought|sent"
    r"|rang|spent|'d|they'd|he'd|she'd"
)

_WHEN: Final = any_of(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    r"tomorrow|tonight|this (?:afternoon|evening|week)|end of (?:the )?(?:day|week|month|play)"
    r"|next (?:week|month)|in (?:a|an|one|two|three|\d+) (?:weeks?|days?|hours?|minutes|fortnight)"
    r"|fortnight|(?:by|before|at|around|until) (?:noon|lunch|\d{1,2}(?: \d\d)?|one|two|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve|half past|quarter)(?: o'clock| am| pm| a m| p m)?"
    r"|first thing|the (?:\w+teenth|\w+tieth|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth|eleventh|twelfth|\d+(?:st|nd|rd|th))|today|in the morning|half past|o'clock|later (?:today"
    r"|this week)|calendar|diary|invite",
)

_NEXT_STEP: Final = (
    clue(
        3.0,
        "how about, shall we, does it suit",
        r"how about",
        r"(?:shall|should|could|can|why don't|do you want to|would you like to) (?:we"
        r"|i)(?: \w+){0,2} (?:say|meet|speak|talk|do|book|schedule|set|start|come|put|pencil|sit|bring|get"
        r"|find|visit|call|ring|try|catch|reconvene|regroup|have another)",
        r"(?:does|would|will|how does|how is|how's|is)(?: \w+){0,5} (?:work|suit|sound|look|okay|good|fit"
        r"|free)(?: for you| you)?",
        r"are you (?:free|around|available|in)",
        r"(?:let's|let us) (?:say|meet|do|book|schedule|set|put|pencil|get|find|plan|start|speak|talk|aim"
        r"|catch|make it|fix|reconvene|go for)",
        r"what if (?:we|i|you)",
        r"when (?:would|could|can|is|are|suits|works)(?: \w+){0,4} (?:meet|visit|call|good|suit|free|work"
        r"|come|next)",
    ),
    clue(
        1.5,
        "how about we, how about ten of them, how about Tuesday",
        r"how about (?:we|i|if (?:we|i)|an?|one|two|three|four|five|six|ten|twenty|\d+|next|this|tomorrow"
        r"|\w+day|(?:the )?(?:\w+th|first|second|third|twenty \w+|\d+(?:st|nd|rd|th)))",
    ),
    clue(
        2.6,
        "I'll send, I'll call, I'll bring",
        r"(?:i'll|i will|we'll|we will|i can|let me|i'm going to|i shall|i'd)(?: \w+ly| just| also| then"
        r"| make sure(?: i| to)?)? (?:send|e mail|email|call|ring|bring|come|book|put|drop|schedule|text"
        r"|write|have|set|get|pencil|forward|meet|see|pick|mail|follow up|pop|circle|arrange|confirm|phone"
        r"|share|prepare|draft|introduce|give you a (?:call|ring|shout|bell))",
    ),
    clue(
        2.4,
        "you'll have it, I've booked",
        r"you(?:'ll| will) (?:have|get|receive|hear)(?: \w+){1,8}?"
        r" (?:by|before|on|this|tomorrow|tonight|today|within|in the)",
        r"(?:next step|follow up|calendar|diary|invite|pencil|i've (?:booked|put|got you)|see you|speak"
        r"|talk to you|meet|come (?:out|over|by|round|along)|site visit|kick off|pilot|trial|test run"
        r"|proposal|contract)",
    ),
    clue(
        1.8,
        "a trial, counted and bounded",
        r"(?:try|pilot|test|trial|start with|run it|begin with)(?: \w+){0,6} (?:weeks?|days?|months?|sites?"
        r"|people|users|machines|vans|rooms|teams?)",
    ),
    clue(
        -4.0,
        "some time",
        r"some ?time|some day|maybe next year|again next year|one of these days|at some point|whenever"
        r"|in (?:the )?future|down the (?:road|line)",
    ),
    clue(
        -2.5,
        "already past, or about them",
        r"(?:last|every|usually|normally|always|used to|when did|since|yesterday)",
        r"^(?:what|how (?!about|does|is|would)|why|who|where)",
        r"(?:did|was|were|had|have) (?:you|it|they)",
        r"minutes? late|on the phone",
    ),
)

_NEXT_STEP_BIAS: Final = -3.6

_DATED: Final = 1.9


def story(said: Sentence, *, goes_on: bool, asks: float) -> float:
    """Return how much a sentence tells of another customer, 0 to 1; ``goes_on``: so did the one before."""
    log_odds = _STORY_BIAS + evidence(_STORY, said.plain) + (_QUESTION if asks >= LINE else 0.0)
    if goes_on and _PAST.search(said.plain) and _TELLS_ON.search(said.plain):
        log_odds += _STORY_GOES_ON
    return likelihood(log_odds)


def next_step(said: Sentence) -> float:
    """Return how much a sentence proposes or fixes something concrete, 0 to 1."""
    return likelihood(
        _NEXT_STEP_BIAS + evidence(_NEXT_STEP, said.plain) + (_DATED if _WHEN.search(said.plain) else 0.0)
    )
