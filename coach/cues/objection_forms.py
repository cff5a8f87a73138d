"""The forms of push-back and of asking for the product, as data.

Owns patterns over plain words and their weights. Refuses to know any industry.
"""

from __future__ import annotations

from typing import Final

from coach.cues.weighing import clue

OBJECTION: Final = (
    clue(
        3.2,
        "too dear, no budget",
        r"(?:too|very|quite|pretty|rather|awfully|bit|that's) (?:expensive|dear|pricey|steep|costly"
        r"|much money|high|rich)",
        r"(?:expensive|pricey|steep|dearer|out of (?:our|my) (?:budget|price|league)|over (?:our |my "
        r"|the )?budget|no budget|haven't got (?:the |a |any )?(?:budget|money|cash)|budget(?:'s| is"
        r"| has)(?: \w+){0,3} (?:spent|gone|frozen|tight|fixed|cut|set|used)|don't have (?:the|a|that"
        r"|that kind of|any)(?: \w+)? (?:budget|money|cash)|can't (?:afford|justify|spend|sign)"
        r"|cheaper (?:elsewhere|than|one|option|quote)|(?:awful|hell of a|heck of a|whole) lot (?:of|for"
        r"|more)|a lot of money|lot (?:of money|to (?:spend|ask|pay))|price(?:'s| is|y)? (?:too|higher|not"
        r"|still|a)|for that (?:price|money)|how do i (?:justify|explain)|twice (?:what|the price|as much)"
        r"|more than (?:we|i|our) (?:pay|spend|wanted|budgeted))",
    ),
    clue(
        3.0,
        "we've already got someone",
        r"(?:we|i)(?:'ve| have)?(?: already| just)? (?:got|have|use|using|work with|go with"
        r"|signed)(?: \w+){0,3} (?:a|an|someone|somebody|people|supplier|system|contract|one|guy|broker"
        r"|provider|vendor|agency|partner)(?: \w+){0,3} (?:already|though|for that|in place|with"
        r"|we're happy)",
        r"(?:we're|i'm|we are|i am|been|pretty|quite) (?:\w+ )?(?:happy|fine|okay|good|comfortable"
        r"|satisfied|all right|alright|all set|set|sorted|covered|loyal) (?:with (?:what|our|the|who|them"
        r"|it)|as (?:we|it|things)|where we|for now|thanks|thank you)",
        r"(?:under|in|locked into|tied into|tied to|mid|still in) (?:a |the |our )?contract",
        r"(?:already|got|have) (?:\w+ )?(?:other|two|three|several|another)(?: other)? (?:quotes?|offers?"
        r"|vendors?|suppliers?|bids?|proposals?)",
        r"we(?:'ve)? (?:tried|looked at|had|been (?:through|there|burned|burnt)|did)(?: \w+){0,5} (?:before"
        r"|already|last year|once|years ago|didn't|and it)",
        r"(?:been|stayed|stay|stick|sticking) with (?:him|her|them|the|our|what)",
        r"do it (?:ourselves|in house|internally)|in house|build it ourselves|our own (?:people|team|it)",
    ),
    clue(
        3.0,
        "I don't think so, not interested, leave it",
        r"(?:not|n't|never) (?:really |that |very |all that |particularly |at all )?(?:interested|convinced"
        r"|sold|sure|certain|keen|comfortable|ready|persuaded|for us|for me|a priority|a fit|the right"
        r"|impressed|what we|what i|see how|see why|buying|a fan)",
        r"(?:i|we)(?:'m| am|'re| are)? (?:don't|didn't|do not|can't|won't) (?:think|see|believe|buy|want"
        r"|need|like|trust|really need|really want|really see|really like|feel|imagine|make|sign|decide"
        r"|commit|do|give|switch|change)(?: \w+){0,6} (?:that|it|this|we|all|any|you|your|being|another|to"
        r"|for|anything|there|how|the)",
        r"(?:doubt|doubtful|sceptical|skeptical|suspicious|hesitant|reluctant|wary|cautious|unconvinced"
        r"|hard to believe|too good to be true|what's the catch|sounds like (?:a )?(?:marketing|sales|hype)"
        r"|sales (?:pitch|talk)|no thanks|no thank you|not for us|leave it (?:there|at|for|here)|pass on"
        r"|i'll pass|we'll pass|rather not|forget it|waste (?:of time|my time)|skip)",
        r"(?:that's|it's) (?:what|just what) (?:they|everyone|everybody|the last|you"
        r"|all)(?: \w+){0,3} (?:all )?(?:say|says|said|tell|told|promised)",
        r"(?:heard|hear) that (?:before|one|a lot|from)|they all say|everyone says|says everyone"
        r"|said the same|easy (?:to say|for you)|(?:last|other|previous) (?:\w+ )?(?:salesman|rep|lot|ones?"
        r"|company|supplier|vendor|people|guy|guys|firm|crowd)(?: \w+){0,3} (?:said|told|promised)"
        r"|why (?:would|should) (?:i|we)|easier said|i'll believe it when|prove it|you would say that",
    ),
    clue(
        3.0,
        "not now, send me something",
        r"(?:not|n't) (?:the right|a good|a great|the best|right|now|this (?:year|quarter|month)|until"
        r"|before|yet)(?: \w+)?",
        r"(?:call|ring|come|get) (?:me |us )?back (?:to (?:me|us) )?(?:in|next|later|after|when)",
        r"(?:bad|wrong|terrible|difficult) (?:time|timing|moment)|(?:isn't|not|n't) (?:really )?(?:a "
        r"|the )?(?:good|right|great|best|convenient) (?:time|moment)",
        r"(?:no time|too busy|busy (?:right now|season)|next year|next quarter|maybe later|another time"
        r"|put it off|hold off|down the (?:road|line)|think (?:about it|it over)|sleep on it"
        r"|talk (?:it over|to my|with my)|run it (?:by|past)|need (?:to|some time to) think"
        r"|makes me want to wait|want to wait|in no (?:hurry|rush)|being (?:pushed|rushed|sold)"
        r"|don't (?:push|rush)|pushy)",
        r"(?:just|simply) (?:send|email|e mail|drop|leave)(?: \w+){0,3} (?:email|e mail|brochure|something"
        r"|information|info|details|card|it|over)",
    ),
    clue(
        2.0,
        "but, the trouble with yours",
        r"(?:nervous|uneasy|uncomfortable|worried|concerned|concern|hesitate|my worry|my fear"
        r"|wonder whether|not so sure)(?: \w+){0,6} (?:that|this|about|with|your|you|it|though|price"
        r"|contract|switch\w*|mov\w*)",
        r"(?:big|major|huge|lot of) (?:change|step|commitment|effort|disruption|upheaval|ask)",
        r"(?:what if|how do (?:i|we) know|who's to say|what happens (?:if|when) (?:you|it|the|your))",
        r"(?:your|you guys|you people|you lot|you)(?: \w+){0,6} (?:too|expensive|small|new|never heard"
        r"|pushing|all the same|exactly like|the same as|rush\w*|salespeople|just selling)",
        r"(?:switching|changing|moving|migrating|migration|retrain\w*|lock(?:ed)? in|lock in|learning curve"
        r"|rip (?:it )?out|start(?:ing)? over)",
        r"never heard of (?:you|your|it)|(?:don't|wouldn't) know (?:you|your)|you're (?:a )?(?:small|new"
        r"|too|pushing|rushing)|only if|unless|on one condition"
        r"|as long as(?: \w+){1,4} (?:nobody|no one|nothing|not|no|won't|can't|isn't|don't)",
    ),
    # On lines written for learning these were right 27 times of 29, and such lines are near misses.
    clue(
        0.9,
        "said outright",
        r"not (?:really |that |at all )?interested",
        r"why (?:would|should) (?:i|we) (?:change|switch|bother|move)",
        r"too (?:expensive|dear|pricey|steep|costly)",
        r"(?:heard|been promised) (?:that|this|it|all that|all this|it all) before",
        r"(?:last|other) (?:\w+ )?(?:salesman|salesperson|rep|lot|company|supplier|vendor|guy|one)"
        r" (?:said|told|promised)",
        r"(?:happy|fine|sorted|set) with (?:what|our|the|who|them)",
        r"think (?:about it|it over)|sleep on it",
        r"(?:i'm|i am|we're|we are) (?:\w+ ){0,2}(?:not convinced|not sold|unconvinced|sceptical|skeptical)",
    ),
    clue(0.7, "not, never", r"\w+n't|not|no|never|nobody|nothing|none|already|another|enough"),
    clue(
        1.6,
        "sounds fine, but",
        r"(?:sounds|looks|seems|all very|that's|it's) (?:\w+ )?(?:nice|good|great|fine|lovely|well|clever"
        r"|impressive|interesting|easy|like a)(?: \w+){0,3} (?:but|though|and all|only|until)",
        r"(?:sounds|looks|seems) (?:a bit |a little |very |rather |awfully )?(?:complicated|risky"
        r"|like a lot|too|much|fiddly|vague|optimistic|slick|hard)",
        r"(?:who|what|how)(?:'s| is| are)? (?:going to|gonna|would|will|do i|do we|am i)(?: \w+){0,6}",
        r"(?:my|our|the) (?:\w+ )?(?:boss|board|director|partner|wife|husband|team|staff|people|union"
        r"|council|drivers|nurses|teachers|it|lads|crew|members|committee|landlord|parents|doctors?|owners?"
        r"|chef)(?: \w+){0,2} (?:won't|would never|wouldn't|will never|hates?|don't want|doesn't want"
        r"|would hate|would kill|aren't going)",
        r"(?:gimmick|overkill|more than (?:we|i) need|one more (?:thing|app|login|screen|password|system)"
        r"|yet another|ain't broke|not broken|works fine|good enough|we manage|get by|cope (?:fine|well)"
        r"|small print|strings attached|hidden|guarantee me|promise(?:s|d)?|burn(?:ed|t)"
        r"|before you (?:people|guys)|commit(?:ment|ting)?|sign (?:anything|something|that|it)"
        r"|long contract|three years|in writing|proof|references first)",
    ),
    clue(
        1.0,
        "but, though, hm",
        r"^(?:but|hm|well|look|listen|yeah but|the thing is|thing is|to be honest|honestly|see|no)",
        r"(?:though|to be honest|to be fair|frankly)$",
        r"^[\w' ]*\bthough\b",
    ),
    clue(
        -2.2,
        "not a second time, every time: their own harm; no lot to ask",
        r"(?:again|twice|two times|(?:a|the) (?:second|third|next) time|another time)$"
        r"|(?:not|isn't) (?:a lot|much|too much) to ask|about it every time"
        r"|can't afford to (?:lose|wait|be)|still can't afford",
    ),
    clue(
        -2.0,
        "of their own house",
        r"(?:my|our) (?:staff|people|team|agents|drivers|boss|customers|clients|own|lads|girls|nurses"
        r"|guys) (?:can't|don't|won't|are|hate|keep|have|just|already)",
    ),
)

REQUEST: Final = clue(
    3.6,
    "do you have, could you do, does it",
    r"^(?:and |so |but |oh |um |okay |well |also |right )*(?:do|does|did|can|could|would|will|is|are"
    r"|have|has) (?:you|your|yours|it|that|this|you guys|there|they|these|the (?:system|software"
    r"|product|platform|app|tool|service|machine|thing|price|contract|report|data|unit|model|plan"
    r"|policy|warranty|trial))(?: \w+){0,3} (?:do|does|offer|have|got|handle|support|integrate|work"
    r"|include|cover|come|provide|deliver|fit|connect|run|sell|install|set|train|take|make|guarantee"
    r"|match|export|import|show|tell|read|send|save|speak|talk|plug|link|use|need|allow|let|give|ship"
    r"|mean|stop|prevent|translate|print|clean|paint|move|store|deal|serve|host|last|hold|free"
    r"|certified|insured|compatible|secure|available|possible|any|a|an|some|customi[sz]e|adapt|scale"
    r"|help|fix|repair|replace|change|add|build|look|be|go|keep|put|bring|pick|track|count|measure)",
    r"(?:do|have) you(?: \w+)? (?:have|got|offer|do|provide|sell|supply|know)(?: \w+){1,}",
)
"""A feature or a product is asked for."""

ASKS_FOR_PITCH: Final = (
    clue(
        4.5,
        "what does it cost, how much is it",
        r"(?:what|how much)(?: \w+){0,4} (?:cost|costs|charge|charging|price|pricing|fee|fees|rate|rates"
        r"|run me|set me back|pay|looking at|talking|damage)",
        r"how much (?:is|are|would|does|do|for|will|'s)",
        r"(?:what|what's|what are) (?:is |are )?(?:your|the) (?:price|pricing|prices|rates?|fees?|terms"
        r"|cost|costs|charge|offer|damage)",
        r"(?:price|ballpark|quote|pricing|figure)(?: \w+){0,4}$",
        r"(?:give|send|get) (?:me|us) (?:a|your|the|some)(?: \w+)? (?:price|quote|figure|ballpark"
        r"|idea of (?:cost|price)|proposal|demo)",
        r"is (?:that|it|there|\w+|the \w+) (?:extra|included|free|per|a (?:setup|minimum|discount|contract"
        r"|trial|fee|limit))",
    ),
    clue(
        4.3,
        "show me, could I see it",
        r"(?:can|could|may|would) (?:i|we|you)(?: \w+){0,2} (?:see|show|try|test|demo|demonstrate|walk me"
        r"|walk us|have a look|take a look|get a (?:demo|look|trial))",
        r"(?:show|walk) (?:me|us)",
        r"(?:i'd|we'd|i would|we would)(?: \w+)? (?:like|love|want|need) to (?:see|try"
        r"|hear (?:more )?(?:about (?:it|what|your|how)|what you)|know (?:more about (?:it|your|how|what)"
        r"|what (?:you|it)|how (?:you|it|your)))",
        r"(?:tell|talk) (?:me|us)(?: \w+){0,3} (?:about (?:your|it|what you|how you|the (?:product|service"
        r"|offer|platform|system|software|tool|plan)|yourselves|you)|what (?:you|it)|how (?:you|it|your"
        r"|this))",
        r"(?:what|so what) (?:have you got|would you (?:suggest|recommend|propose|do|offer)"
        r"|do you (?:actually |guys |really |people )*(?:do|offer|suggest|recommend|propose|provide|sell"
        r"|have|charge|guys do)|can you (?:do|offer|suggest)|are you (?:offering|selling|proposing"
        r"|suggesting))",
        r"how (?:do|would|does|could|can|did|will) (?:you|your|yours|it|that|this"
        r"|the \w+) (?:\w+ ){0,3}(?:work|help|do|handle|deal|fix|solve|manage|compare|differ|know|go about"
        r"|set|charge|integrate|connect|tell|make|look|run|protect|stop|measure|train|get)",
        r"how (?:would|could) you (?:help|do|go|handle|solve|fix|approach)",
        r"what (?:makes|sets) you (?:different|apart|better)|what's (?:different|special|so special)"
        r"|why (?:should (?:i|we)|you|yours)|what (?:does|would|will|can) (?:it|yours|your \w+|that"
        r"|this) (?:\w+ )?(?:do|look like|involve|include|mean|give|cover|need)",
    ),
    REQUEST,
    clue(
        3.6,
        "who else uses it",
        r"who else (?:uses|use|is using|have you|has|do you|are you|bought|did)",
        r"who(?:'s| is| are| would)?(?: \w+){0,3} (?:your (?:customers|clients)|actually|using it"
        r"|uses (?:it|this|you|yours)|be (?:doing|translating|coming|running|working|looking|our|my|on)"
        r"|do (?:you|it) (?:work|for)|behind it)",
        r"(?:any|other|got any|have you (?:got|any)|do you have) (?:\w+ )?(?:references|customers|clients"
        r"|companies|examples)(?: \w+){0,4}",
        r"have you (?:ever )?(?:done|worked|dealt|helped|got|had|tried|fitted|installed|put)",
    ),
    clue(
        3.0,
        "any question about you or it",
        r"^(?:(?:and|so|but|oh|okay|well|right|then|also|hm|yeah) )*(?:how|what|which|where|why|can|could|do"
        r"|does|did|is|are|will"
        r"|would|has|have)(?: [\w']+){0,5} (?:you|your|yours|it|its|this|these|those|they)",
    ),
    clue(
        -5.0,
        "small talk and the rep's own plan",
        r"(?:can|could|do) you (?:hear|see) (?:me|my|us)|who's this|who is this|is that (?:a|an|you|\w+$)"
        r"|how are you|how's it|are you (?:there|well|all right|okay)|where did you get|what do you (?:mean"
        r"|want to know|need (?:to know|from me))|what would you like|do you want|don't you"
        r"|do you know (?:what|how|when|why)|you know|can you (?:repeat|say that|hold|call|ring|come|bring"
        r"|email|e mail|send me an)|just send|send me|say that again|sorry what|could you just send"
        r"|do you (?:mind|remember)|what's that|does it matter|what did you say|come back to|can i (?:ask"
        r"|think|get back|call|talk|put|have a think)|what can i (?:do|tell|help)|what time|when (?:can"
        r"|could|would|are)|shall we|how long have you|are you (?:sure|serious|joking)",
    ),
)
