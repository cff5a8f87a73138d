"""The kinds of question, as data: courtesy, leave asked, leading, meant for nobody, open, closed.

Owns patterns over plain words and their weights; whether a sentence asks at all is in `question_forms`.
"""

from __future__ import annotations

from typing import Final

from coach.cues.question_forms import ASKED_FOR, BE, DO, HAVE, MAY, NOT, WH
from coach.cues.weighing import any_of, clue

COURTESY: Final = any_of(
    r"how (?:are|were) (?:you|things|we|y'all|you all|you guys)(?: doing| keeping| all| both"
    r"| getting on)?(?: (?:today|this (?:morning|afternoon|evening|week)|doing|there|then))*$",
    r"how are we(?: all)? doing(?: today)?",
    r"how are you(?: doing)?(?: today| this| all| then)?",
    r"how(?:'s| is) (?:it going|your (?:day|week|morning|afternoon|evening)|everything|life|the weather"
    r"|the family)(?: (?:going|so far|today|been|with you|down there|over there|up there))*$",
    r"how (?:have you been|do you do|was your (?:weekend|holiday|trip|journey|flight|drive|day|break"
    r"|christmas))",
    r"(?:can|could|do) (?:you|everyone|everybody|we|i|they|you guys|you all)(?: all| both"
    r"| guys)? (?:hear|see) (?:me|us|my|the|this|each)(?! (?:problem|difference|value|point|issue))",
    r"(?:is|am|are) (?:my|your|the|i) (?:sound |audio |camera |video |line |screen |mic |microphone "
    r"|connection |volume |slides )?(?:coming through|okay|ok|working|on|muted|on mute|clear|sharing"
    r"|breaking up|audible|visible)",
    r"are you (?:on mute|muted)",
    r"is (?:now|this|today)(?: still)?(?: a)? (?:good|okay|ok|bad|convenient|all right|alright"
    r"|fine)(?: time| moment)?(?! (?:for your|to your|if))",
    r"(?:have|did) i (?:caught|catch|got|get|called|call) you at",
    r"(?:do|have) you (?:still )?(?:have|got) (?:a|two|five|ten|a few|a couple|the|thirty|fifteen"
    r"|twenty|an?)(?: of)? (?:minutes?|moment|second|sec|half hour|hour|full)",
    r"is (?:that|this) (?!right|correct|true|fair|okay|ok|so|something|what|normal|important|common"
    r"|typical|usual|all|the|a|an|your|it|what|how|because|where|why|when)(?:[a-z]+)(?: [a-z]+)?$",
    r"am i (?:speaking|talking) (?:to|with)",
    r"who am i (?:speaking|talking) (?:to|with)",
    r"did you (?:have|get) a (?:good|nice|pleasant)(?: safe| long)? (?:trip|journey|flight|drive"
    r"|weekend|holiday|break|evening|night|christmas|time|day|week|lunch)",
    r"did you find (?:us|the|it|your way) (?:okay|all right|easily)?",
    r"(?:would|do|can|could|may|shall) (?:you|i|we) (?:like|get|fancy|want|offer)?(?: you)? ?(?:some"
    r"|a) (?:tea|coffee|water|drink|cup|seat)",
    r"(?:are|is) (?:we|everyone|everybody|anyone) (?:else )?(?:ready|here|joining|all here|on the call"
    r"|good to (?:go|start))",
    r"(?:shall|should|can) we (?:get started|start|begin|kick off|dive in|wait|make a start|crack on)",
    r"(?:are|is) (?:you|anyone|we) (?:still )?(?:there|waiting for|expecting)",
    r"(?:are you|you) (?:all right|alright|okay|well|keeping well|good)(?: today)?$",
    r"is (?:it|there) anyone else joining",
    r"does (?:that|this|the) time (?:still )?work",
    r"(?:do|would) you mind if (?:i|we) record",
    r"is it (?:okay|ok|all right|alright) if (?:i|we) record",
    r"you (?:okay|ok|all right|alright)(?: for time)?$",
    r"still (?:a )?good (?:time|for you)",
    r"where are you (?:calling|dialling|joining|dialing) (?:in )?from",
    r"how long (?:do|have) (?:you|we) (?:have|got)(?: today| for this)?$",
    r"can you see (?:it|that)(?: okay| all right| now)?$",
    r"(?:can|could|would) you (?:just |please )?(?:hold (?:on|the (?:line|phone))|bear with me"
    r"|hang on|give me (?:a|one|two|half"
    r" a|just a|just one) (?:second|sec|minute|moment)s?)",
    r"(?:do|would) you (?:want|like) to (?:go|start) first",
)
SMALL_TALK: Final = any_of(
    r"^(?:(?:hi|hello|hey|so|and|well|oh|ah|good|morning|afternoon) ){0,3}(?:did you have a (?:good|nice"
    r"|pleasant|safe|lovely|great|quiet)(?: long| safe)?|how was (?:your|the)) (?:trip|journey|flight|drive"
    r"|weekend|holidays?|break|christmas|easter)(?: (?:in|over|down|up|back|here|then|away|home|out)){0,2}$",
)
"""Asks after a trip or a weekend with nothing else in the sentence: small talk whoever says it."""
PERMISSION: Final = any_of(
    r"(?:may|might) (?:i|we) (?:just |quickly )?(?:ask|show|share|tell|suggest|offer|explain|make|give"
    r"|walk|send|run|say)",
    r"(?:can|could) (?:i|we) (?:just |maybe |perhaps |quickly )*(?:ask|show|share|tell|suggest|offer"
    r"|explain|make a|walk you|give you|play|run you|run something|be (?:honest|frank|blunt|direct)"
    r"|push back|throw)",
    r"(?:would|will|might|could) (?:it|that) (?:be |also be )?(?:help(?:ful)?|useful|okay|ok|all right"
    r"|alright|worth(?:while)?|fine|of interest|handy|valuable|interesting|good|make sense|of use"
    r"|too much|be)(?: to you| for you)? (?:if|to) (?:i|we|you|hear|see|know|show|share|have|talk|walk"
    r"|look)",
    r"(?:is|would) (?:it|that) (?:be )?(?:okay|ok|all right|alright|fine|cool) (?:with you )?(?:if|to"
    r"|that) (?:i|we)",
    r"(?:do|would) you mind (?:if|me) (?:i|we|asking|sharing|showing|saying|telling)?(?! record)",
    r"(?:would|do) you (?:like|want|care|be (?:interested|open|up|willing|happy)|prefer"
    r"|fancy)(?: for)? ?(?:me|us|to (?:see|hear|have|take) (?:how|what|a|some|it|that|about|more|an)"
    r"|to (?:seeing|hearing))",
    r"(?:shall|should) (?:i|we) (?:show|tell|share|explain|walk|give|go through|take you)",
    r"(?:are you|would you be) (?:open|okay|happy|willing|comfortable) (?:to|with|for|if) (?:me|us|i"
    r"|hear|see|look|a)",
    r"mind if (?:i|we)",
    r"okay if (?:i|we)",
    r"would it (?:help|hurt|be helpful|be useful) if",
    r"if it(?:'s| is| would be) (?:okay|ok|all right|alright|helpful|useful)(?: with you)? (?:i|could i"
    r"|can i|i'd|may i)",
    r"is there (?:any )?(?:interest|value) in (?:seeing|hearing)",
)
LEADING: Final = (
    clue(
        2.5,
        "wouldn't you agree, don't you want, isn't it true",
        r"(?:wouldn't|don't|won't|didn't|do|would) you (?:agree|not agree|not want|think it(?:'s| is"
        r"| would)|think that|rather|love to (?:have|save|get|be)|like to (?:save|have|cut|get|double|stop"
        r"|earn|make))",
        r"(?:wouldn't|don't|won't) you (?:want|like|say|think|love|feel|prefer|be)",
        r"(?:isn't|wouldn't|doesn't|aren't|don't) (?:it|that|they|this|those) (?:true|be (?:great|nice|good"
        r"|better|amazing|wonderful|worth)|make sense|obvious|fair|about time|time|a (?:shame|pity|waste"
        r"|no brainer)|sound|just|better|bother|worry|all)",
        r"^(?:isn't|wasn't|aren't|shouldn't) (?:it|the|that|this|there|your|we) [\w']+",
    ),
    clue(
        2.5,
        "you want to save, don't you; you wouldn't want that, would you",
        r"^(?:you (?:do|don't|wouldn't|would|can't|must|surely|want|need|like|agree|can see|have to)|surely"
        r"|nobody|no one|everyone|everybody|who)\b.*(?:don't you|would you|do you|wouldn't you"
        r"|can you|mustn't you|does it|do they|doesn't it|wouldn't it|isn't it)$",
    ),
    clue(
        2.2,
        "who wouldn't, why would anyone, how can you afford not to",
        r"who (?:wouldn't|doesn't|wants to|would want|wouldn't want|would say no|could say no)",
        r"why (?:would|wouldn't|on earth|should|not just|not simply|don't you just) (?:anyone|anybody|you"
        r"|we)?",
        r"(?:how|why) (?:can|could|much longer can) you (?:afford|keep|go on|justify|ignore|live)",
        r"can you (?:really |honestly )?afford (?:not )?to",
        r"what(?:'s| is) (?:stopping|holding) you(?: from)?(?: just| signing| going)?$",
        r"when did (?:he|she|they|your \w+) last",
        r"when was the last time (?:he|she|they|your \w+)",
    ),
    clue(
        2.0,
        "so you'd agree, you'd like to, surely",
        r"^(?:so )?(?:surely|you'd agree|you would agree|you(?:'d| would) (?:love|like) to|you do (?:want"
        r"|realise|realize|know|agree|care)|you don't want|you wouldn't want|are you (?:really|seriously"
        r"|honestly) )",
        r"(?:doesn't|does) (?:everyone|everybody|anyone)",
        r"is(?:n't)? (?:that|it) (?:really )?(?:worth|too much to)",
        r"what if (?:i|we) (?:told you|could|said|showed)",
        r"would(?:n't)? (?:it|that) be (?:great|nice|amazing|wonderful|fantastic|awesome|brilliant|lovely"
        r"|worth|better)",
        r"(?:how|wouldn't it) (?:great|nice|good|amazing|wonderful) would",
    ),
)
RHETORICAL: Final = (
    clue(
        5.6,
        "what else, where was I, guess what, you know what",
        r"^what else$",
        r"^(?:and |so |now |but |well |okay )*(?:where was i|where were we|guess what|you know what|know what"
        r"|know why|you know why"
        r"|do you know why|do you know what|want to know why|and the best part|the best part|the result"
        r"|and the result|the reason|the catch|the secret|sound familiar|what's not to like|who knew"
        r"|who would have thought|how cool is that|how great is that|isn't that (?:great|amazing|cool|neat"
        r"|something)|pretty (?:cool|neat)|how do i know|how do we do (?:that|it|this)|what does (?:that"
        r"|this|it) (?:mean|do|give you)(?: for you)?|what's the (?:upside|benefit|point|catch|secret"
        r"|best part)|what did i (?:do|say)|what do i mean(?: by that)?|what do you get|what was i saying"
        r"|what am i (?:doing|saying)|how does (?:it|this|that) work|why is (?:that|this) important"
        r"|why does (?:that|this) matter)$",
    ),
    clue(
        2.0,
        "so why do we do it, what do we do",
        r"^(?:why|how|what|where|who) (?:do|did|are|were|have|would|can|could|should|is|was|am) (?:we"
        r"|i) [\w']+",
        r"^what(?:'s| is) (?:the|so) (?:magic|special|difference|clever|trick|big|unique|secret)",
    ),
    clue(-2.5, "asked of you", r"you|your|yours|they|their|he|she"),
    clue(
        -3.0,
        "an offer or a plan of ours",
        r"(?:shall|should|can|could|may) (?:we|i)",
        r"how (?:about|can (?:i|we))",
        r"(?:do|would) (?:we|i) need",
        r"(?:we|i) (?:meet|speak|talk|ask|help|agree|say)",
    ),
)
FREE_ANSWER: Final = (
    clue(
        3.0,
        "what, how, why",
        r"^(?:what|how|why|where|in what|what's|how's|why's|how'd|what'd|what're|like what|such as"
        r"|since when|to what|for what)",
    ),
    clue(4.0, "tell me, walk me through, describe", *[p for c in ASKED_FOR for p in (c.pattern.pattern,)]),
    clue(
        4.5,
        "could you describe, can you give me an example, do you mind telling me",
        r"(?:can|could|would|will|do|may|might) (?:you|i)(?: \w+){0,3} (?:tell|telling|explain|explaining"
        r"|describe|describing|walk|walking|talk|talking|share|sharing|give|giving|elaborate|expand|say"
        r"|paint|help)(?: \w+){0,2} (?:about|how|what|why|through|more|example|examples|on|an|understand|of"
        r"|your|the|idea|sense|picture|bit)",
        r"(?:can|could) you (?:elaborate|expand|say more)",
        r"(?:any|what|your) (?:thoughts|ideas|views?|impressions?|feelings?)(?: on| about|$)",
        r"do you have (?:any )?(?:thoughts|ideas|feelings) (?:on|about)",
    ),
    clue(
        2.5,
        "which part of it, which matters most",
        r"^which (?:of|part|parts|bit|bits|one|ones|way|matters|would|areas?|problems?|things?|kinds?"
        r"|aspects?|side)",
    ),
    clue(1.8, "and the people on nights", r"^(?:what about|how about) (?:the|your|for|when|those|these)"),
    clue(
        2.2,
        "what did it do to them, what would happen",
        r"(?:^|.* )(?:what|how|why) (?:do|does|did|would|could|can|is|are|was|were|has|have|happens?"
        r"|happened|made|makes|goes|went|brought|led|keeps?|stops?|else|exactly|sort|kind)",
    ),
)
FACT_ANSWER: Final = (
    clue(
        6.0,
        "how many, how long, what time, what's your budget",
        r"how (?:many|much|long|often|old|big|far|soon|large|quickly|fast|tall|wide|heavy|early|late|high"
        r"|frequently|recently|likely|close)",
        r"what (?:time|date|day|year|month|size|percentage|percent|number|age|colou?r|brand|version"
        r"|currency|postcode|volume|quantity|price)",
        r"(?:what's|what is|what was|what are) (?:your|the|his|her|their) (?:\w+ )?(?:name|number|email"
        r"|address|budget|deadline|headcount|turnover|title|date|phone|volume|ratio|rate|price|postcode"
        r"|spend)",
        r"what (?:did|does|do|would|will|is) (?:\w+ ){1,4}cost",
        r"at what (?:time|point|age)",
        r"on a scale",
    ),
    clue(
        4.5,
        "who, when, where are you based",
        r"^(?:and )?(?:who|whose|whom|when|who's|when's|who'd)",
        r"where (?:are|is|were) (?:you|your|they|the|that|it)(?: \w+){0,2} (?:based|located|office|offices"
        r"|site|from|headquartered)",
        r"^which (?:day|month|year|one of you|department|system|software|version|team|country|supplier"
        r"|company|bank|tool|date|week|site|model|brand)",
    ),
    clue(3.5, "do, is, can, have", rf"^(?:{DO}|{BE}|{MAY}|{HAVE}|am|{NOT})"),
    clue(
        3.0,
        "how about Tuesday, how about we",
        r"^how about (?:we|i|if|you|\w+day|next|this|tomorrow|the \w+(?:th|st|nd|rd))",
        r"(?:shall|should) we",
        r"how does (?:\w+day|next week|that|tomorrow|the) (?:\w+ )*(?:sound|look|work|suit)",
        r"what about (?:\w+day|next|tomorrow)",
        r"what if we",
    ),
    clue(2.0, "either or", r"or (?:is it|are|do|does|did|was|were|would|not|something|just|more)"),
    clue(1.0, "no question word at all", rf"^(?!.*{WH})"),
)
