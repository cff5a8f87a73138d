"""The forms of a question in English, as data: what asks, what only looks like it, what is a tag.

Owns patterns over plain words (see `text`) and their weights. Knows nothing of kinds of question, nor of
what was said before.
"""

from __future__ import annotations

import re
from typing import Final

from coach.cues.weighing import any_of, clue

SUBJECT: Final = (
    r"(?:you|ya|your|yours|it|that|this|these|those|they|their|he|his|she|her|we|our|i|my|the|there|any"
    r"|anyone|anybody"
    r"|anything|everyone|everybody|everything|someone|somebody|something|people|both|all|most|some)"
)
DO: Final = r"(?:do|does|did)"
BE: Final = r"(?:is|are|was|were)"
MAY: Final = r"(?:can|could|would|will|should|shall|may|might)"
HAVE: Final = r"(?:has|have|had)"
NOT: Final = (
    r"(?:isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|can't|couldn't|shouldn't"
    r"|haven't|hasn't|hadn't|ain't)"
)
AUX: Final = rf"(?:{DO}|{BE}|{MAY}|{HAVE}|am|'s|'re)"
WH: Final = r"(?:what|how|why|where|when|who|whom|whose|which)"
WH_IS: Final = (
    r"(?:what's|how's|where's|who's|when's|why's|what're|how're|what'd|how'd|where'd|why'd|who'd"
    r"|what'll)"
)
# What makes the head of a clause a question: at the start of a sentence or of a clause, openers taken off.
HEAD: Final = (
    clue(
        4.5,
        "do you, does the team, did they",
        rf"^{DO} (?!not ){SUBJECT}",
        r"^(?:does|did) (?!not )[\w']+ [\w']+",
    ),
    clue(4.0, "is it, are the drivers, was there", rf"^{BE} {SUBJECT}", r"^am i"),
    clue(
        2.6,
        "is invoicing done by hand",
        rf"^{BE} (?!not |a |an |about |going |to |because |just |really |so |very |kind |like |in |on |at "
        rf"|i')[\w']+ [\w']+",
    ),
    clue(4.2, "can you, would that, should we", rf"^{MAY} {SUBJECT}"),
    clue(2.0, "would finance sign that off", rf"^{MAY} (?!not |be )[\w']+ [\w']+"),
    clue(
        4.0,
        "have you, has anyone",
        rf"^{HAVE} (?:you|it|they|he|she|we|there|any\w*|some\w+|your|that|this|the)",
    ),
    clue(3.0, "isn't it, don't you", rf"^{NOT} {SUBJECT}"),
    clue(
        4.2,
        "what do you, how often does it, why were they",
        rf"^{WH}(?: [\w'-]+){{0,4}}? {AUX} (?!like )[\w']+",
    ),
    clue(3.4, "what's the, how's that", rf"^{WH_IS} [\w']+"),
    clue(
        2.6,
        "what happens, what made you, which matters, who decides, who else",
        r"^(?:what|which|who|what else|who else) (?!a |an |i |we |they |you |he |she |it |the |if )[\w']+",
        r"^what (?:about|if|for)",
        r"^what happened",
    ),
    clue(
        4.0,
        "how about, how come, why not, how so, what else",
        r"^how (?:about|come|so)",
        r"^why not",
        r"^(?:what|who|where|how|anything|anyone|anybody|any other\w*) else",
        r"^since when",
        r"^like what",
        r"^such as what",
        r"^for what",
    ),
    clue(
        3.2,
        "why, what, how and nothing more",
        rf"^{WH}$",
        r"^(?:and|but|so) (?:why|how|what|who|when|where)$",
        r"^in what (?:way|sense|respect)",
    ),
    clue(
        3.0,
        "how many, how long, what time, what kind",
        r"^how (?:many|much|long|often|far|big|old|large|soon|quickly|fast|well|close|early|late)",
        r"^what (?:time|kind|sort|type|year|month|size|percentage|number|date|part|other)",
        r"^(?:to|in|at|on|for|from|with|by|of|about) (?:what|which|whom|how many|how much)",
    ),
    clue(
        2.2,
        "any chance, any idea, any luck",
        r"^any (?:chance|idea|ideas|luck|thoughts|questions|news|plans|sense|other|particular|experience"
        r"|concerns|feel|reason)",
    ),
    clue(3.2, "you mean the one in town", r"^you mean (?!to |a lot|well|it$|that$)[\w']+ [\w']+"),
    clue(
        1.6,
        "you happy with that, they know yet",
        r"^you (?:happy|okay|ok|interested|busy|ready|mean|still|guys|got any|ever|free|sure|planning"
        r"|using)",
    ),
)
# Asked without the form of a question.
ASKED_FOR: Final = (
    clue(
        4.5,
        "tell me about, walk me through",
        r"^(?:\w+ ){0,4}?(?:tell|talk|walk|take|give|run|bring|guide) (?:me|us) (?:about|through|a bit"
        r"|a little|more|how|what|why|where|when|who|the|your|an|some|into|that|over|in)",
        r"^(?:\w+ ){0,3}?talk to (?:me|us) (?:about|through)",
        r"help (?:me|us) (?:understand|see|picture|get)",
        r"walk (?:me|us) through",
        r"tell (?:me|us) more",
        r"(?:talk|tell) me through",
        r"paint (?:me )?(?:a|the) picture",
        r"^(?:please )?(?:describe|explain) (?!it$)[\w']+",
        r"^say (?:a (?:bit|little) )?more",
        r"^go on about",
        r"^educate me",
        r"^(?:please )?(?:give|share) (?:me )?an example",
        r"^give me (?:a|an|some) (?:sense|idea|feel|example|picture|flavou?r|instance)",
        r"tell me a (?:bit|little)",
        r"talk (?:a bit|a little|more) about (?:your|how|what|the|that)\b.*(?:if you)",
    ),
    clue(
        4.0,
        "I'd like to understand, I'm curious, I wonder",
        r"i(?:'d| would)(?: \w+)? (?:love|like|be (?:keen|interested|curious|eager)) to (?:hear|understand"
        r"|know|learn|get (?:a|your))",
        r"i(?:'m| am| was|'d be)?(?: \w+)? (?:curious|interested|keen|wondering)(?: to (?:hear|know|learn"
        r"|understand))? ?(?:about|how|what|why|whether|if|where|which|who|when|to)",
        r"^i(?:'m| am| was)? wonder(?:ed|ing)? (?:how|what|why|whether|if|where|which|who|when|about)",
        r"i(?:'d| would) be (?:curious|interested) (?:to|in|how|what|why)",
        r"(?:really |also )?(?:want|wanted|trying|need) to (?:understand|hear|learn|find out|get a sense"
        r"|get a feel) (?:how|what|why|where|who|your|more|about|of|a|the|from)",
        r"let me ask(?: you)? (?:about|how|what|why|this)",
        r"my question is",
        r"the question is what",
        r"what i(?:'d| would) (?:love|like) to (?:know|hear|understand|ask)",
    ),
    clue(
        2.9,
        "I don't know if you've ever",
        r"^i (?:don't|do not) know (?:if|whether) (?:you|your)(?:'ve|'re| have| are| guys)?(?: ever| also| still)*"
        r" (?!know)[\w']+ (?!.*\bbut (?:we|i|our)\b)",
    ),
)
# A question whose head is hidden inside a line that nobody punctuated.
INSIDE: Final = (
    clue(
        3.0,
        "... how do you ..., ... what would they ...",
        rf"(?<!know )(?<!tell you )(?<!see )(?<!that's )(?<!matter )(?<!understand )(?<!about ){WH}(?: [\w']+){{0,2}}?"
        rf" (?:do|does|did|are|were|would|could|can|will|have|should) (?:you|your|we|they|that|this|he|she|it"
        rf"|those|these|people|the)",
        r"what (?:is|was|are|were) (?:your|the|that|it) (?:\w+ ){0,6}like$",
    ),
    clue(
        2.6,
        "... do you ..., ... have you ...",
        r"(?<!so )(?<!as )(?<!what )(?<!how )(?<!nor )(?<!neither )(?<!only )(?:do|did|are|were|have|can"
        r"|could|would|will) you(?: guys| all)? (?!$)[\w']+",
        r"(?:do|would|could|can|are|have|did) you$",
    ),
    clue(
        1.8,
        "... is it ..., ... does that ...",
        r"(?<!so )(?<!as )(?<!what )(?:is there|are there|was it|does it|does that|does your|did it"
        r"|did they|do they|are they|was there|does he|does she|did he|did she|can they|is that what"
        r"|do we (?:think|need|know|have)|is it (?!that)[\w']+ [\w']+|has it|have they|should we"
        r"|shall we|can we|could we)",
    ),
    clue(
        3.0,
        "or was it the other one",
        r"^or (?:is|are|do|does|did|was|were) [\w']+",
    ),
    clue(
        1.8,
        "... or not, ... or is it",
        r"^or (?:can|would|will|have) [\w']+",
        r"or (?:not|is it|are you|do you|does it|did you|was it|were you|would you|is that|are they"
        r"|something else|what)$",
        r"or (?:is it|are you|do you|does it|did you|were you|would you|are they|is that) [\w']+",
        r"how about you$",
        r"what about you$",
        r"and you$",
        r"what about (?:your|the)",
    ),
)
# Looks like one and is none.
NO_QUESTION: Final = (
    clue(
        -4.0,
        "what I like is, how anybody does it I have no idea",
        r"^(?:what|how|why|where|whatever|however|whenever) (?:i|we|they|he|you(?! (?:guys )?think)|she|it"
        r"|anybody|anyone|people|my|our)(?:'ve|'d|'re|'m|'s|'ll)? (?!like$)[\w']+",
    ),
    clue(
        -5.0,
        "when we moved, which is, who knows, what a day",
        # "when" before anything but a verb that asks opens a clause; "when roughly did they" asks.
        rf"^when (?!{DO} |{BE} |{MAY} |{HAVE} |{NOT} |exactly |roughly |about |else|abouts"
        rf"|on earth |going )[\w']+ [\w']+ [\w']+",
        r"^which (?:\w+ly|i'm|he|she|you|this|that|it|it's|the|is|was|means|are|would be|makes|i|we|they|has"
        r"|brings|could|can"
        r"|will|gives|they|you)(?: [\w']+)",
        r"^who knows",
        r"^what an?",
        r"^how (?:nice|lovely|funny|awful|exciting|interesting|cool|great|wonderful|dare)",
        r"^(?:whatever|whoever|wherever|whichever)",
    ),
    clue(
        -3.5,
        "could be, might be, would be, can be",
        r"^(?:could|might|would|may|can|will|should|must|has|had|have) (?:be|have|been|to|not|well|also"
        r"|always|never|just|only|a|got)\b",
    ),
    clue(
        -3.0,
        "will do, do let me know, may well",
        r"^(?:will do|do let|do feel|do come|do take|do you a|is what|does what|did what|have a|have fun"
        r"|may well|may i add|is all)",
        r"^don't (?!you|they|we|i|people|the)",
    ),
    clue(
        -2.5,
        "I don't know what, I wonder why they said it",
        r"^i (?:don't|didn't|do not|can't) (?:know|remember|think|understand|recall|see|care)",
    ),
    clue(
        -3.4,
        "what really annoys me is, what's frightening is",
        r"^what(?:'s)?(?: \w+ly)? (?!kind|sort|type|time|color|colour|size|does|do|did|is|was|are|were|else)\w+"
        r"(?: me| us| people| him| her| them|)(?: different| special| sure| mad| happy| sad)? (?:is|was) (?!your"
        r"|that$|it$|this$)\w+ \w+",
    ),
    clue(
        -2.0,
        "that's what, this is how",
        r"(?:that's|this is|that is|which is|it's|here's|there's|i'll tell you|i can tell you"
        r"|let me tell you|know|knows|depends on|see|sees|shows?(?: you)?|decide|find out|figure out"
        r"|explain) (?:exactly )?(?:what|how|why|where|when|who)",
    ),
    clue(-1.5, "let me, let's", r"^(?:let me|let's)(?! ask)"),
    clue(
        -3.0,
        "let me see how long, how do you put it",
        r"^(?:let's|let me) (?:just )?(?:see|think|look)\b.*(?:what|how|who|when|where|which|was it|is it)",
        r"(?:what do (?:you|they|we) call|how (?:do|shall|should|would) (?:you|i) (?:put|say"
        r"|phrase)) (?:it|that|this|them)",
    ),
    clue(
        -4.0,
        "what bothers me about it is that",
        r"^what(?:'s|s| is)?(?: [\w']+){1,9}? (?:is|was) (?:that (?:the|i|we|they|he|she|it|you"
        r"|there)|the fact|how|because)",
    ),
)
BROKEN_OFF: Final = any_of(
    r"(?:a|an|the|my|your|our|their|his|and|but|because|if|than|you're|i'm|we're|they're|it's)$",
    rf"^(?:{DO}|{BE}|{MAY}|{HAVE}) (?:you|i|we|they|he|she|it|that|this|there)(?: have| get)?$",
)
"""Somebody began to ask and did not get to it."""
BEGUN: Final = any_of(rf"^(?:{WH}|{WH_IS}|how (?:many|much|long|often)|what (?:you're|we're|they're|i'm))$")
EXCLAIMS: Final = any_of(
    r"^what an? (?!\w+ (?:do|does|did|is|are|was|were|can|could|would|will|should|have|has)\b)[\w']+",
    r"^i (?:(?:do|just|often|always|sometimes|really) )*wonder(?!.*\b(?:you|your|you're|you've)\b)",
)
"""Marvels ("What a view") or muses ("I wonder how they do it.")."""
QUOTED: Final = any_of(
    r"(?:i|he|she|they|we|people|everybody|somebody|(?:my|his|her|our|the|your) \w+)(?: just| always| all)? (?:goes|go"
    r"|went|says|say|said|(?:was|were|is|are|'s|'re) (?:all |just )?like|thinks?|asks?|asked)"
    r"(?: to (?:me|him|her|them|us|myself|themselves)| me| us)?(?: well| hey| so| oh| okay)*"
    rf" (?:{WH}|{WH_IS}|{DO}|{BE}|{MAY}|{HAVE}|{NOT}) (?:{SUBJECT}|{DO}|{BE}|{MAY}|{HAVE})",
)
"""What somebody else asked at another time."""
INVERTED: Final = any_of(
    rf"^(?:{DO}|{MAY}|{HAVE}|{BE}|{NOT}) {SUBJECT}", rf"^{WH} (?:\w+ )?{AUX}", rf"^{WH_IS}"
)
TAG_WORDS: Final = (
    r"(?:right|okay|ok|yeah|yes|no|eh|huh|you know|you see|you know what i mean|know what i mean"
    r"|if you know what i mean|makes sense|make sense|does that make sense|see what i mean|see|alright"
    r"|correct|fair|you with me|are you with me|don't you think|wouldn't you say|if that makes sense"
    r"|isn't it so|innit)"
)
TAG_AUX: Final = rf"(?:{NOT}|{DO}|{BE}|{MAY}|{HAVE}|am) (?:it|they|he|she|we|there|that|i|you|this)"
TAG_MARKED: Final = re.compile(rf"[,?.]\s*(?:{TAG_WORDS}|{TAG_AUX})\s*\?$", re.IGNORECASE)
TAG_WORD: Final = re.compile(rf"[,?.]\s*(?:{TAG_WORDS})\s*\?$", re.IGNORECASE)
TAG_BARE: Final = re.compile(
    rf"^(?!(?:{AUX}|{WH}|{WH_IS}|{NOT}) )(?:[\w']+ ){{3,}}(?:{NOT} (?:it|they|he|she|we|there|that"
    rf"|i|you|this)|you know what i mean|know what i mean|makes sense|does that make sense|innit)$"
)
TAG_ALONE: Final = re.compile(
    rf"^(?:and |so |but )?(?:{TAG_AUX}|right|okay|ok|yeah|you know what i mean|know what i mean"
    rf"|does that make sense|makes sense|make sense|huh|eh|really|oh really|seriously|you know)$"
)
WORD_ALONE: Final = re.compile(r"^(?:right|okay|ok|yeah|you know|really|oh really|seriously)$")
