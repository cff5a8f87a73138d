"""Is this sentence a question, and of what kind.

Owns the forms of English questions: word order first, since a recogniser's question mark is a hint that may be missing.
Refuses to know what was said before (see `context`), save for one thing it is told: whether the rep is in the middle of a
run of their own, where a question is more likely meant for nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from coach.call.vocabulary import (
    QUESTION_CLOSED,
    QUESTION_COURTESY,
    QUESTION_LEADING,
    QUESTION_OPEN,
    QUESTION_PERMISSION,
    QUESTION_RHETORICAL,
    QUESTION_TAG,
)
from coach.cues.weighing import any_of, clue, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence

_SUBJECT: Final = (
    r"(?:you|ya|your|yours|it|that|this|these|those|they|their|he|his|she|her|we|our|i|my|the|there|any|anyone|anybody"
    r"|anything|everyone|everybody|everything|someone|somebody|something|people|both|all|most|some)"
)
_DO: Final = r"(?:do|does|did)"
_BE: Final = r"(?:is|are|was|were)"
_MAY: Final = r"(?:can|could|would|will|should|shall|may|might)"
_HAVE: Final = r"(?:has|have|had)"
_NOT: Final = r"(?:isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|can't|couldn't|shouldn't|haven't|hasn't|hadn't|ain't)"
_AUX: Final = rf"(?:{_DO}|{_BE}|{_MAY}|{_HAVE}|am|'s|'re)"
_WH: Final = r"(?:what|how|why|where|when|who|whom|whose|which)"
_WH_IS: Final = r"(?:what's|how's|where's|who's|when's|why's|what're|how're|what'd|how'd|where'd|why'd|who'd|what'll)"

# What makes the head of a clause a question. Seen at the start of a sentence or of a clause, openers taken off.
_HEAD: Final = (
    clue(4.5, "do you, does the team, did they", rf"^{_DO} (?!not ){_SUBJECT}", r"^(?:does|did) (?!not )[\w']+ [\w']+"),
    clue(4.0, "is it, are the drivers, was there", rf"^{_BE} {_SUBJECT}", r"^am i"),
    clue(2.6, "is invoicing done by hand", rf"^{_BE} (?!not )[\w']+ [\w']+"),
    clue(4.2, "can you, would that, should we", rf"^{_MAY} {_SUBJECT}"),
    clue(2.0, "would finance sign that off", rf"^{_MAY} (?!not |be )[\w']+ [\w']+"),
    clue(4.0, "have you, has anyone", rf"^{_HAVE} (?:you|it|they|he|she|we|there|any\w*|some\w+|your|that|this|the)"),
    clue(3.0, "isn't it, don't you", rf"^{_NOT} {_SUBJECT}"),
    clue(4.2, "what do you, how often does it, why were they", rf"^{_WH}(?: [\w'-]+){{0,4}}? {_AUX} (?!like )[\w']+"),
    clue(3.4, "what's the, how's that", rf"^{_WH_IS} [\w']+"),
    clue(2.6, "what happens, what made you, which matters, who decides, who else", r"^(?:what|which|who|what else|who else) (?!a |an |i |we |they |you |he |she |it |the |if )[\w']+", r"^what (?:about|if|for)", r"^what happened"),
    clue(4.0, "how about, how come, why not, how so, what else", r"^how (?:about|come|so)", r"^why not", r"^(?:what|who|where|how|anything|anyone|anybody|any other\w*) else", r"^since when", r"^like what", r"^such as what", r"^for what"),
    clue(3.2, "why, what, how and nothing more", rf"^{_WH}$", r"^(?:and|but|so) (?:why|how|what|who|when|where)$", r"^in what (?:way|sense|respect)"),
    clue(3.0, "how many, how long, what time, what kind", r"^how (?:many|much|long|often|far|big|old|large|soon|quickly|fast|well|close|early|late)", r"^what (?:time|kind|sort|type|year|month|size|percentage|number|date|part|other)", r"^(?:to|in|at|on|for|from|with|by|of|about) (?:what|which|whom|how many|how much)"),
    clue(2.2, "any chance, any idea, any luck", r"^any (?:chance|idea|ideas|luck|thoughts|questions|news|plans|sense|other|particular|experience|concerns|feel|reason)"),
    clue(1.6, "you happy with that, they know yet", r"^you (?:happy|okay|ok|interested|busy|ready|mean|still|guys|got any|ever|free|sure|planning|using)"),
)  # fmt: skip

# Asked without the form of a question.
_ASKED_FOR: Final = (
    clue(
        4.5, "tell me about, walk me through",
        r"^(?:\w+ ){0,4}?(?:tell|talk|walk|take|give|run|bring|guide) (?:me|us) (?:about|through|a bit|a little|more|how|what|why|where|when|who|the|your|an|some|into|that|over|in)",
        r"^(?:\w+ ){0,3}?talk to (?:me|us) (?:about|through)", r"help (?:me|us) (?:understand|see|picture|get)", r"walk (?:me|us) through", r"tell (?:me|us) more",
        r"(?:talk|tell) me through", r"paint (?:me )?(?:a|the) picture", r"^(?:please )?(?:describe|explain) (?!it$)[\w']+", r"^say (?:a (?:bit|little) )?more", r"^go on about", r"^educate me", r"^(?:please )?(?:give|share) (?:me )?an example",
        r"^give me (?:a|an|some) (?:sense|idea|feel|example|picture|flavou?r|instance)", r"tell me a (?:bit|little)", r"talk (?:a bit|a little|more) about (?:your|how|what|the|that)\b.*(?:if you)",
    ),
    clue(
        4.0, "I'd like to understand, I'm curious, I wonder",
        r"i(?:'d| would)(?: \w+)? (?:love|like|be (?:keen|interested|curious|eager)) to (?:hear|understand|know|learn|get (?:a|your))",
        r"i(?:'m| am| was|'d be)?(?: \w+)? (?:curious|interested|keen|wondering)(?: to (?:hear|know|learn|understand))? ?(?:about|how|what|why|whether|if|where|which|who|when|to)",
        r"^i(?:'m| am| was)? wonder(?:ed|ing)? (?:how|what|why|whether|if|where|which|who|when|about)", r"i(?:'d| would) be (?:curious|interested) (?:to|in|how|what|why)",
        r"(?:really |also )?(?:want|wanted|trying|need) to (?:understand|hear|learn|find out|get a sense|get a feel) (?:how|what|why|where|who|your|more|about|of|a|the|from)", r"let me ask(?: you)? (?:about|how|what|why|this)", r"my question is", r"the question is what", r"what i(?:'d| would) (?:love|like) to (?:know|hear|understand|ask)",
    ),
)  # fmt: skip

# A question whose head is hidden inside a line that nobody punctuated.
_INSIDE: Final = (
    clue(3.0, "... how do you ..., ... what would they ...",
         rf"(?<!know )(?<!tell you )(?<!see )(?<!that's )(?<!matter )(?<!understand )(?<!about ){_WH}(?: [\w']+){{0,2}}? (?:do|does|did|are|were|would|could|can|will|have|should) (?:you|your|we|they|that|this|he|she|it|those|these|people|the)",
         r"what (?:is|was|are|were) (?:your|the|that|it) (?:\w+ ){0,6}like$"),
    clue(2.6, "... do you ..., ... have you ...", r"(?<!so )(?<!as )(?<!what )(?<!how )(?<!nor )(?<!neither )(?<!only )(?:do|did|are|were|have|can|could|would|will) you(?: guys| all)? (?!$)[\w']+", r"(?:do|would|could|can|are|have|did) you$"),
    clue(1.8, "... is it ..., ... does that ...", r"(?<!so )(?<!as )(?<!what )(?:is there|are there|was it|does it|does that|does your|did it|did they|do they|are they|was there|is it (?!that)[\w']+ [\w']+|has it|have they|should we|shall we|can we|could we)"),
    clue(1.8, "... or not, ... or is it", r"or (?:not|is it|are you|do you|does it|did you|was it|were you|would you|is that|are they|something else|what)$", r"or (?:is it|are you|do you|does it|did you|were you|would you|are they|is that) [\w']+", r"how about you$", r"what about you$", r"and you$", r"what about (?:your|the)"),
)  # fmt: skip

# Looks like one and is none.
_NO_QUESTION: Final = (
    clue(-4.0, "what I like is, how anybody does it I have no idea", r"^(?:what|how|why|where|whatever|however|whenever) (?:i|we|they|he|you(?! (?:guys )?think)|she|it|anybody|anyone|people|my|our)(?:'ve|'d|'re|'m|'s|'ll)? (?!like$)[\w']+"),
    clue(-5.0, "when we moved, which is, who knows, what a day", r"^when (?:i|we|they|he|she|it|you|the|people|that|those)(?:'re|'s|'ve)? (?!going)[\w']+ [\w']+", r"^which (?:this|that|it|it's|the|is|was|means|are|would be|makes|i|we|they|has|brings|could|can|will|gives|they|you)(?: [\w']+)", r"^who knows", r"^what an?", r"^how (?:nice|lovely|funny|awful|exciting|interesting|cool|great|wonderful|dare)", r"^(?:whatever|whoever|wherever|whichever)"),
    clue(-3.5, "could be, might be, would be, can be", r"^(?:could|might|would|may|can|will|should|must|has|had|have) (?:be|have|been|to|not|well|also|always|never|just|only|a|got)\b"),
    clue(-3.0, "will do, do let me know, may well", r"^(?:will do|do let|do feel|do come|do take|do you a|is what|does what|did what|have a|have fun|may well|may i add|is all)", r"^don't (?!you|they|we|i|people|the)"),
    clue(-2.5, "I don't know what, I wonder why they said it", r"^i (?:don't|didn't|do not|can't) (?:know|remember|think|understand|recall|see|care)"),
    clue(-3.4, "what really annoys me is, what's frightening is", r"^what(?:'s)?(?: \w+ly)? \w+(?: me| us| people| him| her| them)?(?:,)? (?:is|was|are)(?! (?:that|this|it|the|your|he|she|there)\b(?: \w+){0,2}$)(?= \w+)"),
    clue(-2.0, "that's what, this is how", r"(?:that's|this is|that is|which is|it's|here's|there's|i'll tell you|i can tell you|let me tell you|know|knows|depends on|see|sees|shows?(?: you)?|decide|find out|figure out|explain) (?:exactly )?(?:what|how|why|where|when|who)"),
    clue(-1.5, "let me, let's", r"^(?:let me|let's)(?! ask)"),
)  # fmt: skip

_INVERTED: Final = any_of(rf"^(?:{_DO}|{_MAY}|{_HAVE}|{_BE}|{_NOT}) {_SUBJECT}", rf"^{_WH} (?:\w+ )?{_AUX}", rf"^{_WH_IS}")

_TAG_WORDS: Final = r"(?:right|okay|ok|yeah|yes|no|eh|huh|you know|you see|you know what i mean|know what i mean|if you know what i mean|makes sense|make sense|does that make sense|see what i mean|see|alright|correct|fair|you with me|are you with me|don't you think|wouldn't you say|if that makes sense|isn't it so|innit)"
_TAG_AUX: Final = rf"(?:{_NOT}|{_DO}|{_BE}|{_MAY}|{_HAVE}|am) (?:it|they|he|she|we|there|that|i|you|this)"
_TAG_MARKED: Final = re.compile(rf"[,?.]\s*(?:{_TAG_WORDS}|{_TAG_AUX})\s*\?$", re.IGNORECASE)
_TAG_BARE: Final = re.compile(rf"^(?!(?:{_AUX}|{_WH}|{_WH_IS}|{_NOT}) )(?:[\w']+ ){{3,}}(?:{_NOT} (?:it|they|he|she|we|there|that|i|you|this)|you know what i mean|know what i mean|makes sense|does that make sense|innit)$")
_TAG_ALONE: Final = re.compile(rf"^(?:and |so |but )?(?:{_TAG_AUX}|right|okay|ok|yeah|you know what i mean|know what i mean|does that make sense|makes sense|make sense|huh|eh|really|oh really|seriously|you know)$")

_COURTESY: Final = any_of(
    r"how (?:are|were) (?:you|things|we|y'all|you all|you guys)(?: doing| keeping| all| both| getting on)?(?: (?:today|this (?:morning|afternoon|evening|week)|doing|there|then))*$",
    r"how are we(?: all)? doing(?: today)?", r"how are you(?: doing)?(?: today| this| all| then)?", r"how(?:'s| is) (?:it going|your (?:day|week|morning|afternoon|evening)|everything|life|the weather|the family)(?: (?:going|so far|today|been|with you|down there|over there|up there))*$", r"how (?:have you been|do you do|was your (?:weekend|holiday|trip|journey|flight|drive|day|break|christmas))",
    r"(?:can|could|do) (?:you|everyone|everybody|we|i|they|you guys|you all)(?: all| both| guys)? (?:hear|see) (?:me|us|my|the|this|each)(?! (?:problem|difference|value|point|issue))", r"(?:is|am|are) (?:my|your|the|i) (?:sound |audio |camera |video |line |screen |mic |microphone |connection |volume |slides )?(?:coming through|okay|ok|working|on|muted|on mute|clear|sharing|breaking up|audible|visible)", r"are you (?:on mute|muted)",
    r"is (?:now|this|today)(?: still)?(?: a)? (?:good|okay|ok|bad|convenient|all right|alright|fine)(?: time| moment)?(?! (?:for your|to your|if))", r"(?:have|did) i (?:caught|catch|got|get|called|call) you at", r"(?:do|have) you (?:still )?(?:have|got) (?:a|two|five|ten|a few|a couple|the|thirty|fifteen|twenty|an?)(?: of)? (?:minutes?|moment|second|sec|half hour|hour|full)", r"is (?:that|this) (?!right|correct|true|fair|okay|ok|so|something|what|normal|important|common|typical|usual|all|the|a|an|your|it|what|how|because|where|why|when)(?:[a-z]+)(?: [a-z]+)?$",
    r"am i (?:speaking|talking) (?:to|with)", r"who am i (?:speaking|talking) (?:to|with)", r"did you (?:have|get) a (?:good|nice|pleasant)(?: safe| long)? (?:trip|journey|flight|drive|weekend|holiday|break|evening|night|christmas|time|day|week|lunch)", r"did you find (?:us|the|it|your way) (?:okay|all right|easily)?", r"(?:would|do|can|could|may|shall) (?:you|i|we) (?:like|get|fancy|want|offer)?(?: you)? ?(?:some|a) (?:tea|coffee|water|drink|cup|seat)", r"(?:are|is) (?:we|everyone|everybody|anyone) (?:else )?(?:ready|here|joining|all here|on the call|good to (?:go|start))", r"(?:shall|should|can) we (?:get started|start|begin|kick off|dive in|wait|make a start|crack on)", r"(?:are|is) (?:you|anyone|we) (?:still )?(?:there|waiting for|expecting)", r"(?:are you|you) (?:all right|alright|okay|well|keeping well|good)(?: today)?$", r"is (?:it|there) anyone else joining", r"does (?:that|this|the) time (?:still )?work", r"(?:do|would) you mind if (?:i|we) record", r"is it (?:okay|ok|all right|alright) if (?:i|we) record", r"you (?:okay|ok|all right|alright)(?: for time)?$", r"still (?:a )?good (?:time|for you)", r"where are you (?:calling|dialling|joining|dialing) (?:in )?from",
    r"how long (?:do|have) (?:you|we) (?:have|got)(?: today| for this)?$", r"can you see (?:it|that)(?: okay| all right| now)?$",
)  # fmt: skip

_PERMISSION: Final = any_of(
    r"(?:may|might) (?:i|we) (?:just |quickly )?(?:ask|show|share|tell|suggest|offer|explain|make|give|walk|send|run|say)", r"(?:can|could) (?:i|we) (?:just |maybe |perhaps |quickly )*(?:ask|show|share|tell|suggest|offer|explain|make a|walk you|give you|play|run you|run something|be (?:honest|frank|blunt|direct)|push back|throw)",
    r"(?:would|will|might|could) (?:it|that) (?:be |also be )?(?:help(?:ful)?|useful|okay|ok|all right|alright|worth(?:while)?|fine|of interest|handy|valuable|interesting|good|make sense|of use|too much|be)(?: to you| for you)? (?:if|to) (?:i|we|you|hear|see|know|show|share|have|talk|walk|look)", r"(?:is|would) (?:it|that) (?:be )?(?:okay|ok|all right|alright|fine|cool) (?:with you )?(?:if|to|that) (?:i|we)", r"(?:do|would) you mind (?:if|me) (?:i|we|asking|sharing|showing|saying|telling)?(?! record)", r"(?:would|do) you (?:like|want|care|be (?:interested|open|up|willing|happy)|prefer|fancy)(?: for)? ?(?:me|us|to (?:see|hear|have|take) (?:how|what|a|some|it|that|about|more|an)|to (?:seeing|hearing))", r"(?:shall|should) (?:i|we) (?:show|tell|share|explain|walk|give|go through|take you)", r"(?:are you|would you be) (?:open|okay|happy|willing|comfortable) (?:to|with|for|if) (?:me|us|i|hear|see|look|a)", r"mind if (?:i|we)", r"okay if (?:i|we)", r"would it (?:help|hurt|be helpful|be useful) if", r"if it(?:'s| is| would be) (?:okay|ok|all right|alright|helpful|useful)(?: with you)? (?:i|could i|can i|i'd|may i)", r"is there (?:any )?(?:interest|value) in (?:seeing|hearing)",
)  # fmt: skip

_LEADING: Final = (
    clue(2.5, "wouldn't you agree, don't you want, isn't it true", r"(?:wouldn't|don't|won't|didn't|do|would) you (?:agree|not agree|not want|think it(?:'s| is| would)|think that|rather|love to (?:have|save|get|be)|like to (?:save|have|cut|get|double|stop|earn|make))", r"(?:wouldn't|don't|won't) you (?:want|like|say|think|love|feel|prefer|be)", r"(?:isn't|wouldn't|doesn't|aren't|don't) (?:it|that|they|this|those) (?:true|be (?:great|nice|good|better|amazing|wonderful|worth)|make sense|obvious|fair|about time|time|a (?:shame|pity|waste|no brainer)|sound|just|better|bother|worry|all)", r"^(?:isn't|wasn't|aren't|shouldn't) (?:it|the|that|this|there|your|we) [\w']+"),
    clue(2.5, "you want to save, don't you; you wouldn't want that, would you", r"^(?:you (?:do|don't|wouldn't|would|can't|must|surely|want|need|like|agree|can see|have to)|surely|nobody|no one|everyone|everybody|who|it's|that's)\b.*(?:don't you|would you|do you|wouldn't you|can you|mustn't you|does it|do they|doesn't it|wouldn't it|isn't it)$"),
    clue(2.2, "who wouldn't, why would anyone, how can you afford not to", r"who (?:wouldn't|doesn't|wants to|would want|wouldn't want|would say no|could say no)", r"why (?:would|wouldn't|on earth|should|not just|not simply|don't you just) (?:anyone|anybody|you|we)?", r"(?:how|why) (?:can|could|much longer can) you (?:afford|keep|go on|justify|ignore|live)", r"can you (?:really |honestly )?afford (?:not )?to", r"what(?:'s| is) (?:stopping|holding) you(?: from)?(?: just| signing| going)?$", r"when did (?:he|she|they|your \w+) last", r"when was the last time (?:he|she|they|your \w+)"),
    clue(2.0, "so you'd agree, you'd like to, surely", r"^(?:so )?(?:surely|you'd agree|you would agree|you(?:'d| would) (?:love|like) to|you do (?:want|realise|realize|know|agree|care)|you don't want|you wouldn't want|are you (?:really|seriously|honestly) )", r"(?:doesn't|does) (?:everyone|everybody|anyone)", r"is(?:n't)? (?:that|it) (?:really )?(?:worth|too much to)", r"what if (?:i|we) (?:told you|could|said|showed)", r"would(?:n't)? (?:it|that) be (?:great|nice|amazing|wonderful|fantastic|awesome|brilliant|lovely|worth|better)", r"(?:how|wouldn't it) (?:great|nice|good|amazing|wonderful) would"),
)  # fmt: skip
_LEADING_BIAS: Final = -1.4

_RHETORICAL: Final = (
    clue(3.0, "what else, where was I, guess what, you know what", r"^what else$", r"^(?:where was i|where were we|guess what|you know what|know what|know why|you know why|do you know why|do you know what|want to know why|and the best part|the best part|the result|and the result|the reason|the catch|the secret|sound familiar|what's not to like|who knew|who would have thought|how cool is that|how great is that|isn't that (?:great|amazing|cool|neat|something)|pretty (?:cool|neat)|how do i know|how do we do (?:that|it|this)|what does (?:that|this|it) (?:mean|do|give you)(?: for you)?|what's the (?:upside|benefit|point|catch|secret|best part)|what did i (?:do|say)|what do i mean(?: by that)?|what do you get|what was i saying|what am i (?:doing|saying)|how does (?:it|this|that) work|why is (?:that|this) important|why does (?:that|this) matter)$"),
    clue(2.0, "so why do we do it, what do we do", r"^(?:why|how|what|where|who) (?:do|did|are|were|have|would|can|could|should|is|was|am) (?:we|i) [\w']+", r"^what(?:'s| is) (?:the|so) (?:magic|special|difference|clever|trick|big|unique|secret)"),
    clue(-2.5, "asked of you", r"you|your|yours|they|their|it|he|she|there"),
    clue(-3.0, "an offer or a plan of ours", r"(?:shall|should|can|could|may) (?:we|i)", r"how (?:about|can (?:i|we))", r"(?:do|would) (?:we|i) need", r"(?:we|i) (?:meet|speak|talk|ask|help|agree|say)"),
)  # fmt: skip
_RHETORICAL_BIAS: Final = -1.5
_RHETORICAL_IN_A_RUN: Final = 0.4  # the rep has spoken before it with no word from the customer
_RHETORICAL_AT_ONCE: Final = -1.0  # it is the first thing said back to the customer
_RHETORICAL_AFTER_PITCH: Final = 1.2  # the sentence before was the rep's own pitch: more likely meant for nobody

_FREE_ANSWER: Final = (
    clue(3.0, "what, how, why", r"^(?:what|how|why|where|in what|what's|how's|why's|how'd|what'd|what're|like what|such as|since when|to what|for what)"),
    clue(4.0, "tell me, walk me through, describe", *[p for c in _ASKED_FOR for p in (c.pattern.pattern,)]),
    clue(4.5, "could you describe, can you give me an example, do you mind telling me", r"(?:can|could|would|will|do|may|might) (?:you|i)(?: \w+){0,3} (?:tell|telling|explain|explaining|describe|describing|walk|walking|talk|talking|share|sharing|give|giving|elaborate|expand|say|paint|help)(?: \w+){0,2} (?:about|how|what|why|through|more|example|examples|on|an|understand|of|your|the|idea|sense|picture|bit)", r"(?:can|could) you (?:elaborate|expand|say more)", r"(?:any|what|your) (?:thoughts|ideas|views?|impressions?|feelings?)(?: on| about|$)", r"do you have (?:any )?(?:thoughts|ideas|feelings) (?:on|about)"),
    clue(2.5, "which part of it, which matters most", r"^which (?:of|part|parts|bit|bits|one|ones|way|matters|would|areas?|problems?|things?|kinds?|aspects?|side)"),
    clue(1.8, "and the people on nights", r"^(?:what about|how about) (?:the|your|for|when|those|these)"),
    clue(2.2, "what did it do to them, what would happen", r"(?:^|.* )(?:what|how|why) (?:do|does|did|would|could|can|is|are|was|were|has|have|happens?|happened|made|makes|goes|went|brought|led|keeps?|stops?|else|exactly|sort|kind)"),
)  # fmt: skip

_FACT_ANSWER: Final = (
    clue(6.0, "how many, how long, what time, what's your budget", r"how (?:many|much|long|often|old|big|far|soon|large|quickly|fast|tall|wide|heavy|early|late|high|frequently|recently|likely|close)", r"what (?:time|date|day|year|month|size|percentage|percent|number|age|colou?r|brand|version|currency|postcode|volume|quantity|price)", r"(?:what's|what is|what was|what are) (?:your|the|his|her|their) (?:\w+ )?(?:name|number|email|address|budget|deadline|headcount|turnover|title|date|phone|volume|ratio|rate|price|postcode|spend)", r"what (?:did|does|do|would|will|is) (?:\w+ ){1,4}cost", r"at what (?:time|point|age)", r"on a scale"),
    clue(4.5, "who, when, where are you based", r"^(?:and )?(?:who|whose|whom|when|who's|when's|who'd)", r"where (?:are|is|were) (?:you|your|they|the|that|it)(?: \w+){0,2} (?:based|located|office|offices|site|from|headquartered)", r"^which (?:day|month|year|one of you|department|system|software|version|team|country|supplier|company|bank|tool|date|week|site|model|brand)"),
    clue(3.5, "do, is, can, have", rf"^(?:{_DO}|{_BE}|{_MAY}|{_HAVE}|am|{_NOT})"),
    clue(3.0, "how about Tuesday, how about we", r"^how about (?:we|i|if|you|\w+day|next|this|tomorrow|the \w+(?:th|st|nd|rd))", r"(?:shall|should) we", r"how does (?:\w+day|next week|that|tomorrow|the) (?:\w+ )*(?:sound|look|work|suit)", r"what about (?:\w+day|next|tomorrow)", r"what if we"),
    clue(2.0, "either or", r"or (?:is it|are|do|does|did|was|were|would|not|something|just|more)"),
    clue(1.0, "no question word at all", rf"^(?!.*{_WH})"),
)  # fmt: skip

_BIAS: Final = -2.2
_MARK: Final = 3.4  # a question mark was written
_STOPPED: Final = -0.7  # a full stop was written
_LATER_CLAUSE: Final = -2.2  # commas are also written where somebody stumbles, so the head of a later clause counts less
_SHARE_OF_INSIDE: Final = -0.3


class Asking(NamedTuple):
    """How likely a sentence asks, and of which kinds; scores are 0 to 1."""

    asks: float
    kinds: dict[str, float]


def asking(said: Sentence, own_run: int = 0, *, after_pitch: bool = False) -> Asking:
    """Return how likely a sentence asks, with a score for each kind of question.

    Args:
        said: the sentence.
        own_run: how many sentences the rep has said before this one with no word from the customer between.
        after_pitch: the sentence before was the rep's own pitch.
    """
    if _TAG_ALONE.search(said.bare) and not said.plain.startswith("is that") and (said.asks or not _WORD_ALONE.search(said.bare)):
        return Asking(0.2, {QUESTION_TAG: 0.7})
    heads = dict.fromkeys((said.plain, said.bare, *said.clauses))
    log_odds = _BIAS + (_MARK if said.asks else 0.0) + (_STOPPED if said.states else 0.0) + _form(said, heads)
    tag = _tag(said)
    leading = likelihood(_LEADING_BIAS + max(evidence(_LEADING, h) for h in heads))
    if tag and leading < 0.5:  # noqa: PLR2004 - the line of every score
        return Asking(0.2, {QUESTION_TAG: 0.85 if said.asks else 0.65})
    asks = likelihood(log_odds)
    return Asking(asks, _kinds(said, tuple(heads), asks, leading, own_run, after_pitch=after_pitch))


_WORD_ALONE: Final = re.compile(r"^(?:right|okay|ok|yeah|you know|really|oh really|seriously)$")


def _form(said: Sentence, heads: dict[str, None]) -> float:
    """Return what the word order says, in log-odds: the best head, or a head hidden inside."""
    best = max(
        (max((c.weight for c in _HEAD if c.pattern.search(h)), default=0.0) + evidence(_NO_QUESTION, h))
        + (0.0 if h in {said.bare, said.plain} or not k else _LATER_CLAUSE)
        for k, h in enumerate(heads)
    )
    asked_for = max((c.weight for c in _ASKED_FOR if c.pattern.search(said.bare)), default=0.0)
    inside = max((c.weight for c in _INSIDE if c.pattern.search(said.plain)), default=0.0)
    against = evidence(_NO_QUESTION, said.bare) if inside else 0.0
    return max(best, asked_for, inside + _SHARE_OF_INSIDE + against)


def asks_by_form(said: Sentence) -> bool:
    """Say whether the word order alone makes a question ("do you", "what is"): nothing that is only given back."""
    return _INVERTED.search(said.bare) is not None


def _tag(said: Sentence) -> bool:
    """Say whether a statement ends in a tag."""
    return bool(_TAG_MARKED.search(said.raw.rstrip()) and len(said.tokens) > 2) or bool(_TAG_BARE.search(said.plain))  # noqa: PLR2004 - a tag hangs on a statement


def _kinds(
    said: Sentence, heads: tuple[str, ...], asks: float, leading: float, own_run: int, *, after_pitch: bool
) -> dict[str, float]:
    """Share a question's likelihood among its kinds: the first special kind that fits, else open or closed."""
    if any(_COURTESY.search(h) for h in heads):
        return {QUESTION_COURTESY: max(asks, 0.6)}
    if asks < 0.5 and not said.asks and not any(_PERMISSION.search(h) for h in heads):  # noqa: PLR2004 - the line
        return _open_or_closed(said, asks)
    if any(_PERMISSION.search(h) for h in heads):
        return {QUESTION_PERMISSION: max(asks, 0.55)}
    if leading >= 0.5:  # noqa: PLR2004 - the line of every score
        return {QUESTION_LEADING: asks * leading, **_open_or_closed(said, asks * (1 - leading))}
    run = (_RHETORICAL_AFTER_PITCH if after_pitch else 0.0) + (_RHETORICAL_IN_A_RUN if own_run else _RHETORICAL_AT_ONCE)
    rhetorical = likelihood(_RHETORICAL_BIAS + max(evidence(_RHETORICAL, said.bare), evidence(_RHETORICAL, said.plain)) + run)
    if rhetorical >= 0.5:  # noqa: PLR2004 - the line
        return {QUESTION_RHETORICAL: asks * rhetorical, **_open_or_closed(said, asks * (1 - rhetorical))}
    return _open_or_closed(said, asks)


def _open_or_closed(said: Sentence, asks: float) -> dict[str, float]:
    """Split a score between an answer that is free and one that is a fact."""
    heads = (said.bare, *said.clauses[-1:])
    free = max(evidence(_FREE_ANSWER, h) for h in heads)
    fact = max(evidence(_FACT_ANSWER, h) for h in heads)
    share = likelihood(free - fact - 0.3)
    best = max(share, 1 - share)  # whichever is likelier keeps the whole likelihood: a doubtful kind is still a question
    return {QUESTION_OPEN: asks * share / best if share >= 0.5 else min(0.49, asks * share / best), QUESTION_CLOSED: min(asks * (1 - share) / best, asks if share < 0.5 else 0.49)}
