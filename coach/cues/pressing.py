"""Does the rep push: scarcity, deadlines, guilt, forced closes, hype, running others down.

Owns the forms of the hard sell. Refuses to know any industry, and what a pitch is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coach.cues.weighing import clue, evidence, likelihood

if TYPE_CHECKING:
    from coach.cues.text import Sentence

_PRESSURE: Final = (
    clue(
        3.0,
        "only today, ends Friday, last chance",
        r"(?:only|just) (?:today|this week|until|till|valid|available (?:today|until|this)|good (?:until"
        r"|till|through|for today))",
        r"(?:ends?|closes?|expires?|runs out|goes away|is gone|goes up|disappears|finishes) (?:today"
        r"|tonight|tomorrow|this|on|at|in|by|next|after|for good|\w+day)",
        r"(?:last|final|only) (?:chance|call|few|one|spot|slot|place|opportunity)",
        r"(?:before|until|by) (?:the )?(?:end of (?:the )?(?:day|week|month|quarter)|midnight|tonight"
        r"|friday|prices? (?:go|goes|rise))(?=.*(?:sign|discount|price|off|deal|offer|rate|guarantee|hold"
        r"|commit|order|decide))",
        r"(?:sign|commit|decide|order|book|confirm|go ahead|say yes|buy)(?: \w+){0,4} (?:today|now|tonight"
        r"|right now|this (?:week|afternoon|morning|month|minute)|before|on the spot|by (?:\w+day|the))",
        r"(?:price|prices|rate|rates|it'll|it will)(?: \w+){0,3} (?:only )?(?:go(?:es|ing)? up|rise|double"
        r"|jump|increase)",
        r"(?:once|when) (?:it's|they're|that's) gone",
    ),
    clue(
        3.9,
        "forms that only push: two slots left, mad not to, your old one is a joke, sign you up today",
        r"(?:only |just |a |the last )?(?:one|two|three|four|five|six|\d+|few|couple(?: of)?|handful(?: of)?)"
        r"(?: more| final| last)? (?:slots?|spots?|places?|seats?|units?|openings?|licen[cs]es|spaces)(?: are| is)?"
        r" (?:left|remaining)(?! (?:on the (?:\w+ )?floor|in the (?:hall|yard|building|car park)))",
        r"(?:you'd|you would|you'll|you will|anyone'd|anyone would"
        r"|i'd)(?: \w+ly)? (?:have to )?be (?:\w+ly )?(?:crazy|mad|silly"
        r"|stupid|foolish|a fool|insane|nuts|daft|mental|an idiot|out of your mind) (?:not to"
        r"|to (?:pass|turn|miss|walk|wait"
        r"|say no|let|leave|sit))",
        r"(?:your|that|those|these)(?: old| current| present)? (?:\w+ ){1,3}(?:of yours "
        r"|you(?:'ve got| have) )?(?:is|are|'s)"
        r" (?:\w+ly |just |frankly )?(?:a joke|rubbish|garbage|pathetic|useless|a dinosaur"
        r"|dinosaurs|hopeless|obsolete|crap)$",
        r"(?:let's|let me|i'll|i can|we can|we'll|why don't (?:we|i|you))(?: just| go ahead and"
        r"| simply)? (?:get|sign) you"
        r"(?: \w+){0,2} (?:signed(?: up)?|up|locked in|on board|booked in) (?:today|now|tonight"
        r"|right (?:now|away|here))",
        r"what (?:do i have to do|will it take|would it take|can i do) to (?:get|earn|win) (?:you|your|this|that|a)"
        r"(?: \w+){0,3} (?:today|now|signed|business|signature|yes|over the line|done)",
        r"(?:i|we) can(?:'t|not) (?:hold|keep|promise|guarantee) (?:this|that|the|you(?: this"
        r"| that)?) (?:price|rate|offer"
        r"|discount|deal|slot|place)",
        r"(?:today only|only (?:for )?today|last chance|first come first served"
        r"|once it's gone it's gone|won't (?:last|be around)"
        r" (?:long|forever))",
        r"(?:price|rate|offer|deal|discount|quote)(?:'s| is)? (?:only )?(?:good|valid|available"
        r"|on the table|open) (?:only )?"
        r"(?:until|till|for|through) (?:today|tonight|tomorrow|midnight|the end of (?:the )?(?:day|week|call))",
    ),
    clue(
        3.9,
        "more forms that only push: turn the industry upside down, after all I've done, your name down today",
        r"(?:going to|gonna|we'll|will|about to) (?:disrupt|revolutioni[sz]e|reinvent|transform"
        r"|turn|blow|shake up|change)"
        r" (?:the|your|this|that|a|how) (?:\w+ ){0,3}?(?:industry|market|world|sector|trade|game|upside down"
        r"|away|out of the water|off the map|forever)",
        r"after (?:all|everything)(?: that)? (?:i|we)(?:'ve| have)? (?:done|put|invested|given)",
        r"(?:went|gone|go|stuck|stick|put)(?: \w+){0,2} (?:out on a limb|neck (?:out"
        r"|on the line)|neck out for you|to bat for you)",
        r"you(?:'re| are) (?:really )?(?:making me look|wasting (?:my|our|everyone's) time)",
        r"don't (?:come (?:crying|running|back)|say i didn't|say nobody|blame me|make me)",
        r"(?:you'll|you'd|you will|you're going to) (?:only )?(?:regret|be sorry|kick yourself"
        r"|be kicking yourself|be left behind"
        r"|be the last (?:one )?(?:to|in|who)|get left behind|live to regret)",
        r"(?:your|the) (?:\w+ )?(?:competitors?|competition|rivals?)(?: down the road"
        r"| next door)? (?:is|are|has|have|will)"
        r" (?:already|all|be|going|only too)",
        r"(?:everyone|everybody)(?: else)?(?: \w+){0,3} (?:has|is|have"
        r"|'s) already (?:\w+ )?(?:switched|moved|signed|doing|using|got)",
        r"(?:let's|let me|i'll|can i|shall i|we'll|why don't (?:we|i))(?: just)? (?:get|put|take|have) your"
        r" (?:name|signature|card|deposit|details) (?:down|on|in|for)",
        r"(?:all|just) (?:i|we|you)(?: really)? need(?: now| today)?(?: is)? (?:a"
        r"|your) (?:signature|yes|deposit|card number"
        r"|autograph)",
        r"i(?:'d| would) hate (?:to see|for) (?:you|your \w+)(?: to)? (?:miss|lose|be|get|regret|go)",
        r"what(?:'ve| have)? (?:are you waiting for|you got to lose|do you have to lose)",
        r"(?:my|the) (?:boss|manager|director)(?: \w+){0,2} (?:kill me|have my head|pull (?:it"
        r"|the)|won't let me (?:hold|do))",
        r"you can't afford (?:not to|to (?:wait|miss|sit|ignore))",
    ),
    clue(
        3.0,
        "three places left, selling fast",
        r"(?:\w+) (?:places?|spots?|slots?|seats?|units?|left|spaces?|pieces|openings?|rooms?) (?:are "
        r"|is )?(?:left|remaining|available today|to go)",
        r"(?:selling|going|filling up) (?:out |up )?(?:fast|quick|quickly)",
        r"(?:limited|running out|while (?:stocks?|supplies|it) lasts?|fill(?:ing)? up)",
        r"(?:somebody|someone|another (?:company|buyer|client|customer|party)|others?|two other"
        r"|other people) (?:else )?(?:is |are |has |have )?(?:also )?(?:interested|waiting|looking at it"
        r"|ready|queuing|lined up|after it)",
    ),
    clue(
        3.2,
        "you'd be crazy not to",
        r"(?:you'd|you would|you'll|you will|you'd have to|you're|anyone would|i'd) be (?:\w+ly )?(?:crazy"
        r"|mad|silly|stupid|foolish|a fool|insane|nuts|daft|mental|an idiot|missing out|kicking yourself"
        r"|sorry|left behind|throwing|leaving)",
        r"(?:kick(?:ing)? yourself|regret|missing out|miss out|miss the boat|left behind"
        r"|fall(?:ing)? behind|fear of missing|no brainer|leaving money on the table|burning money"
        r"|throwing (?:money|it|away)|pouring money|bleeding money|flushing)",
        r"what(?:'s| is) (?:stopping|holding) you",
        r"can you (?:really |honestly )?afford",
        r"can't afford (?:not )?to",
        r"(?:only a|any) (?:fool|idiot)",
        r"every (?:day|week|month|minute) (?:you|that you|that passes|without)",
        r"(?:don't|you don't want to) (?:come crying|wait too long|sleep on|let (?:this|it) (?:slip|pass"
        r"|go))",
    ),
    clue(
        3.0,
        "let's get you signed up, just sign here",
        r"(?:let's|let me|i'll|i can|we can|we'll|i could|why don't (?:we|i|you))(?: just| go ahead and"
        r"| simply)? (?:get|have|put|sign|lock)(?: \w+){0,3} (?:signed|sign|started (?:today|now|right)"
        r"|down (?:today|now|for)|locked|in today|on board today|in (?:now|today)|up (?:today|now|right"
        r"|in))",
        r"(?:get|have|getting|having|put|getting) (?:you|your name|your signature|this) (?:signed|down"
        r"|locked|on the (?:dotted|list|books)|in (?:today|now)|over the line|done today)",
        r"(?:just |all i )?need (?:your|a) (?:signature|card|credit card|bank|date of birth|deposit|payment"
        r"|autograph|yes today|decision (?:today|now)|name on)",
        r"sign (?:here|it|this|right|today|now|off today|on the)",
        r"(?:dotted line|credit card (?:handy|ready|number)|card (?:number|details)|bank details|take (?:a"
        r"|the|your) (?:payment|deposit|card))",
        r"(?:make|i need) (?:a|your) decision (?:today|now|right)",
        r"what (?:do i have to do|will it take|would it take) to (?:get|earn|win)",
        r"shall i (?:put you down|sign you|write (?:it|you) up|book you in today)",
        r"(?:just|come on|simply) (?:say yes|trust me|do it|give it a go|sign)",
    ),
    clue(
        2.2,
        "hype: revolutionise, disrupt, hands down",
        r"(?:disrupt|disrupting|revolutioni[sz]e|revolutionary|game changer|game changing|crush|crushing"
        r"|skyrocket|10x|blow your mind|mind blowing|change your life|explode|dominate|destroy|insane"
        r"|unbelievable|hands down|trust me|i promise you|believe me|guaranteed to|once in a lifetime"
        r"|transform your (?:life|whole|entire)|nobody can match|blows? (?:\w+ )?(?:away|out of the water)"
        r"|future of)",
    ),
    clue(
        2.6,
        "running down what they have",
        r"(?:your|that|those|these|the other|their|current) (?:\w+ ){0,4}(?:is|are|'s|was"
        r"|were) (?:\w+ly )?(?:rubbish|garbage|a joke|terrible|useless|outdated|obsolete|ancient|a dinosaur"
        r"|dinosaurs|awful|pathetic|crap|dead|a disaster|the stone age|ripping|robbing|overcharging|cowboys"
        r"|crooks|hopeless|amateurs?|dreadful|a waste)",
        r"(?:ripping you off|rips? you off|robbing you|taking you for a ride|stone age|dark ages|dinosaurs?"
        r"|cowboys|laughing at you|overcharg\w+|milking you|fleec\w+)",
        r"lift a finger",
        r"(?:you're|you are) (?:wasting|losing|burning|bleeding|behind|paying too|overpaying)",
        r"come on",
    ),
    clue(
        2.4,
        "guilt and threat",
        r"(?:after (?:all|everything) (?:i|we)(?:'ve)?|i (?:drove|came|flew) all (?:the|this) way|(?:spent"
        r"|wasted) (?:all|so much|my|hours)|went out on a limb|my (?:boss|manager|director) will"
        r"|stuck my neck|i thought (?:we|you)|don't (?:you )?(?:care|trust)|god forbid|heaven forbid"
        r"|don't say i didn't|on your (?:head|conscience)|my hands are tied|can't hold (?:it|this|that)"
        r"|can't promise (?:it|this|that|the)|your competitors? (?:are|is|will|have|already)"
        r"|competition (?:is|will|already)|burns down|it's your funeral|sooner or later|too late"
        r"|up to you but|how would you feel if|explain (?:that|it|this) to your)",
    ),
    clue(
        2.9,
        "I can only hold it, what is there to think about, think of your staff",
        r"(?:i|we) can(?:not|'t)? (?:only |really |just )?(?:hold|keep|do|offer|give|promise|guarantee|reserve"
        r"|freeze) (?:it|this"
        r"|that|you this|the \w+)(?: \w+){0,3} (?:until|till|today|for (?:today|a|another|so)|through|once"
        r"|if you|much longer)",
        r"what(?:'s| is)? (?:there |is there )?(?:to think about|to lose|are you waiting for"
        r"|more do you (?:need|want))",
        r"(?:don't|do not|why) (?:wait|hesitate|think about it|overthink|delay|put it off|let (?:this|it|them))",
        r"(?:nothing|what have you got) to lose|what do you have to lose|(?:you )?owe it to|think of (?:your|the|all)"
        r"|i'd hate (?:for you|to see)|can't go on|can't keep (?:doing|going|running|ignoring)",
        r"(?:everyone|everybody|all your|the rest of|most of your)(?: \w+){0,4} (?:already|has|have|is|are) (?:\w+ )?"
        r"(?:switched|moved|signed|moving|switching|doing|ahead|using|got)",
        r"(?:get|do|start|sort|finish)(?: \w+){0,2} (?:paperwork|contract signed|form signed|deal done|signature)"
        r"|get (?:this|it|that|you) (?:signed|done|closed|over the line|in writing) (?:today|now|tonight"
        r"|this week)|close this",
        r"change (?:the world|everything)|whole industry|nothing will ever be|wipe the floor|kill(?:s"
        r"|ing)? the competition",
        r"between you and me|off the record|just for you|don't tell (?:anyone|anybody|my)|my (?:boss"
        r"|manager) (?:only|will|would)"
        r"|special favou?r|i'm (?:doing|going) you a",
        r"be the (?:one|only one) (?:who|that|left)|how (?:can|could) you (?:say|sleep|justify|not)"
        r"|are you (?:really|seriously)"
        r"|surely (?:you|that)"
        r"|(?<!like )(?<!as if )you (?:really |clearly )?don't (?:care|understand|get it|want to (?:be|miss|lose"
        r"|explain))",
    ),
)
_PRESSURE_BIAS: Final = -2.2


def pressure(said: Sentence) -> float:
    """Return how much a sentence pushes, 0 to 1."""
    return likelihood(_PRESSURE_BIAS + evidence(_PRESSURE, said.plain))
