"""The questions that can be built from a customer's own words, as data.

Owns the patterns over plain English clauses, the question that each becomes and one example of both. A template
takes words out of the clause and adds none of its own but the question around them: no fact is invented.
Refuses to know when a question is offered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from coach.call import vocabulary as cue

FROM: Final = {
    "problem": cue.NEEDS | {cue.OBSTACLE, cue.COST},
    "number": cue.NEEDS | {cue.OBSTACLE, cue.COST},
    "person": cue.NEEDS | {cue.PEOPLE},
    "wish": cue.NEEDS | {cue.AIM},
    "time": cue.NEEDS | {cue.WHY_NOW},
    "way of working": cue.NEEDS | {cue.TODAY},
}
"""The cues of which a sentence must carry one for a phrase of this kind to be taken up."""

_ADV: Final = (
    r"(?:(?:just|still|also|really|actually|always|honestly|often|usually|then|never|even|only"
    r"|simply|now|all|"
    r"sometimes|basically|currently|nearly|already|constantly) )*"
)
# What a noun phrase of a few words cannot hold; without a tagger this list is what keeps phrases whole.
_NO: Final = (
    r"(?:i|we|you|he|she|it|they|them|us|me|him|her|who|what|which|that|this|there|is|are|was|were"
    r"|be|been|has|have|had|"
    r"do|does|did|can|could|will|would|should|must|might|may|not|no|and|or|but|if|when|because|so|of"
    r"|in|on|at|to|for|"
    r"from|with|by|about|over|into|out|up|down|off|as|than|then|just|only|even|also|too|very|really"
    r"|never|always|"
    r"\w+n't|\w+'(?:re|ve|ll|d|m)|says?|said|went|goes|gets?|got|made|makes?|takes?|took|wants?"
    r"|needs?|keeps?|knows?|"
    r"my|our|your|his|their|the|a|an)"
)
_MOD: Final = rf"(?!{_NO}\b)[\w'-]+"
_OWN: Final = r"(?:the|my|our)"
_NOUN: Final = rf"{_OWN} (?:{_MOD} ){{0,2}}{_MOD}"
_THINGS: Final = (
    rf"(?:(?:the|my|our|half the|all the|both|the other \w+) )?(?:{_MOD} ){{0,1}}(?!{_NO}\b)[\w-]+[^s\W]s"
)
_NUMBER_WORD: Final = (
    r"(?:\d[\d,.]*|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|hundred"
    r"|thousand|million|grand|half|"
    r"couple|few|dozen|several)"
)
_NUMBER: Final = rf"{_NUMBER_WORD}(?:[ -](?:and |of |or |to )?(?!an? ){_NUMBER_WORD})*"
_UNITS: Final = (
    r"(?:minutes?|hours?|days?|nights?|weeks?|weekends?|months?|mornings?|afternoons?|evenings?|years?)"
)
_PER: Final = (
    r"(?: (?:a|an|per|every|each) (?:minute|hour|day|week|month|year|morning|night|order|call|time|visit"
    r"|job))?"
)
_TIME: Final = (
    rf"(?:(?:half|all|most of) (?:the |my |our |a )?{_UNITS}|{_NUMBER}(?: whole| full"
    rf"| good)? (?:of )?{_UNITS}(?: and a half)?)"
)
_TIME_BACK: Final = (
    r"(?:(?:half|all|most of) (?:the |my |our |a )?(?:hour|day|morning|afternoon|evening|night|week"
    r"|weekend)|"
    rf"{_NUMBER} (?:minutes?|hours?|mornings?|afternoons?|evenings?|nights?|weekends?)|"
    r"(?:a|two|three|four|five) (?:whole |full |good )?days?(?: and a half)?)"
)
_AROUND: Final = (
    r"(?:(?:about|around|nearly|roughly|over|at least|up to|easily|maybe|almost|probably|another|me|us) )*"
)
_MONEY: Final = r"(?:quid|pounds?|dollars?|euros?|bucks|grand|pence|cents|percent|per cent)"
_ROLES: Final = (
    r"(?:boss|manager|director|directors|board|trustees|owners?|partners|ceo|cfo|cto|coo|principal"
    r"|finance team|it people|"
    r"it team|union|shop steward|works council|committee|accountant|head teacher|governors|investors"
    r"|foreman|"
    r"procurement team|legal team|ethics committee)"
)
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Christmas|Easter|spring|"
    r"summer|autumn|winter|year end|the harvest|the season|the audit|the inspection|the trade fair"
    r"|the move|the merger|"
    r"the holidays|the rush|the Christmas rush|term starts|the season starts|peak season|the busy season)"
)
_CONTAINER: Final = (
    r"(?:spreadsheet|notebook|book|binder|folder|inbox|drawer|shoebox|ledger|diary|whiteboard|clipboard|"
    r"chalkboard|notepad|filing cabinet|wall map|wall planner|card index|google sheet)s?"
)
_FAIL_NOW: Final = (
    r"(?:breaks? down|crash(?:es)?|freezes?|jams?|fails?|leaks?|overflows?|sits? there|goes? (?:down"
    r"|missing|wrong|stale|off|"
    r"unanswered)|go (?:down|missing|wrong|stale|off|unanswered)|gets? (?:lost|stuck|missed|mixed up"
    r"|damaged|forgotten|delayed)|"
    r"falls? (?:off|behind|through|apart)|stops?|piles? up|runs? out|turns? up late|comes? back wrong)"
)
_FAIL_THEN: Final = (
    r"(?:broke down|crashed|froze|jammed|failed|leaked|burst|went (?:down|missing|wrong|stale|off)"
    r"|got (?:lost|stuck|missed|"
    r"mixed up|damaged|forgotten|delayed)|fell (?:off|behind|through|apart)|stopped|ran out"
    r"|turned up late|flooded)"
)
_DOING: Final = (
    r"(?:losing|missing|forgetting|chasing|retyping|redoing|re-doing|typing|copying|scrolling"
    r"|searching|hunting|digging|"
    r"juggling|guessing|fixing|apologi[sz]ing|waiting|explaining|repeating|rewriting|checking"
    r"|sorting|reordering|running|"
    r"printing|phoning|ringing|driving|walking|queuing|paying|replacing|throwing|mixing|sending"
    r"|calling|looking|cleaning|"
    r"training|hiring|arguing|correcting|counting|entering|having)"
)
_PEOPLE: Final = (
    r"(?:people|customers|clients|guests|patients|drivers|nurses|tenants|students|parents|members"
    r"|buyers|families|agents|"
    r"volunteers|employees|pickers|suppliers|shops|visitors|residents|engineers|they)"
)
_DOES: Final = (
    r"(?:cherry-pick|cherry pick|leave|walk (?:away|out|off)|complain|forget|ring|wait|skip|ignore"
    r"|copy|quit|cancel|give up|drop "
    r"out|queue|guess|lose|miss|call|shout|argue|pick|send|write|throw|go elsewhere|come back"
    r"|turn up|stop|fight|refuse|"
    r"drive off|run out|fill|keep|hide|break|steal|buy|switch|walk)"
)
_CANNOT: Final = r"(?:can't|cannot|couldn't|can never|can hardly|could never)"
_NOT_ABLE: Final = (
    r"(?:lose|afford|do|help|be|have|go|complain|wait|imagine|stand|remember|say|make|believe|hear"
    r"|think|tell|fault|ask|recall|"
    r"talk|promise|blame|even|speak|commit|really|take|argue|stop|explain|let|put|blame|miss"
    r"|possibly|answer|come|give|"
    r"stomach|face|deny|live|sell|touch|pay|run|keep (?!up)|sleep for|use|see (?:us|it|that|why|how"
    r"|myself|the point)|sit)"
)
_TAIL: Final = (
    r"(?: any ?more| either| though| yet| now| at all| really| anyway| again| right now| at the moment"
    r"| to be honest)*$"
)


@dataclass(frozen=True, slots=True)
class Template:
    """One way to ask back.

    Args:
        kind: what the phrase is: a problem, a number, a person, a wish, a time, a way of working.
        clause: what it is found in, one clause of the customer's; its groups are the words taken.
        question: the question around them; ``{0}`` stands for the first group, turned from them to us.
        said: an example of a sentence.
        asks: the question it becomes.
    """

    kind: str
    clause: re.Pattern[str]
    question: str
    said: str
    asks: str


def _template(kind: str, clause: str, question: str, said: str, asks: str) -> Template:
    return Template(kind, re.compile(clause, re.IGNORECASE), question, said, asks)


TEMPLATES: Final = (
    _template(
        "problem",
        rf"\b(?:i|we) {_ADV}(?:don't|didn't|never|can't|couldn't|hardly|have no idea|had no idea|no idea) "
        rf"(?:really |even |actually |ever |always )?(?:know |tell |see |knew )?"
        r"((?:who|what|which|where|when|whether|how many|how much)(?:'s"
        rf"|'re)? (?!to\b)\S+(?: \S+){{0,4}}?){_TAIL}",
        "What would change if you knew {0}?",
        "And honestly we never know who's on call.",
        "What would change if you knew who's on call?",
    ),
    _template(
        "problem",
        rf"\b(?:nobody|no one) {_ADV}(?:knows|can tell|could tell) "
        r"((?:who|what|which|where|when|whether|how many|how much)(?:'s"
        rf"|'re)? (?!to\b)\S+(?: \S+){{0,4}}?){_TAIL}",
        "What would change if somebody knew {0}?",
        "Nobody knows which key opens what.",
        "What would change if somebody knew which key opens what?",
    ),
    _template(
        "problem",
        rf"\b(?:i|we) {_ADV}{_CANNOT} {_ADV}((?!{_NOT_ABLE}\b)[\w-]+(?: \S+){{1,5}}?){_TAIL}",
        "What would change if you could {0}?",
        "I can't plan a route for Tuesday.",
        "What would change if you could plan a route for Tuesday?",
    ),
    _template(
        "problem",
        rf"\b({_PEOPLE}) {_ADV}(?:can't|cannot"
        rf"|can never) {_ADV}((?!{_NOT_ABLE}\b)[\w-]+(?: \S+){{1,5}}?){_TAIL}",
        "What would change if {0} could {1}?",
        "The thing is, patients can't reach the desk.",
        "What would change if patients could reach the desk?",
    ),
    _template(
        "problem",
        rf"\b(?:i|we|people|they)(?:'re|'m)? {_ADV}(?:keep|kept|end up|ended up|hate|are tired of"
        r"|are sick of|tired of|sick of)"
        rf" ({_DOING} \S+(?: \S+){{0,4}}?){_TAIL}",
        "What does {0} cost you?",
        "We keep losing track of orders.",
        "What does losing track of orders cost you?",
    ),
    _template(
        "problem",
        rf"^({_NOUN}) {_ADV}keeps ([\w-]+ing(?: \S+){{0,3}}?){_TAIL}",
        "What happens when {0} keeps {1}?",
        "The dryer keeps breaking down.",
        "What happens when the dryer keeps breaking down?",
    ),
    _template(
        "number",
        r"\b(?:i|we|us|me|it) (?:\w+ )?(?:spend|spends|takes|eats up|waste|lose)(?: me"
        rf"| us)? {_AROUND}({_TIME_BACK}{_PER})",
        "What would you do with {0} back?",
        "I spend about two evenings a week on the invoices.",
        "What would you do with two evenings a week back?",
    ),
    _template(
        "number",
        rf"\b(?:spend|spends|lose|waste) {_AROUND}({_TIME_BACK}{_PER})",
        "What could they do with {0} back?",
        "My two in the office spend half the morning on the phone.",
        "What could they do with half the morning back?",
    ),
    _template(
        "number",
        rf"\b(?:waited|lost|took|spent|stood still for|was down for|were down for) {_AROUND}((?!a\b"
        rf"|an\b|one\b|all\b){_NUMBER} {_UNITS})",
        "What did those {0} cost you?",
        "With the last supplier we waited nine weeks for one ring.",
        "What did those nine weeks cost you?",
    ),
    _template(
        "number",
        rf"\b(?:was|were|had|stood|waited|went)\b.* for {_AROUND}((?!a\b|an\b|one\b|half\b"
        rf"|the\b){_NUMBER} {_UNITS})\b(?! (?:old|now|ago))",
        "What happened in those {0}?",
        "She was in the lift for two hours.",
        "What happened in those two hours?",
    ),
    _template(
        "number",
        rf"\bfor {_AROUND}((?!a\b|an\b|one\b|half\b|the\b){_NUMBER} (?!years){_UNITS})\b(?! (?:old|now|ago))",
        "What happens in those {0}?",
        "A broken chair sits there for four days.",
        "What happens in those four days?",
    ),
    _template(
        "number",
        rf"\bevery ((?!a\b|an\b|one\b|half\b){_NUMBER} (?!years){_UNITS})\b",
        "What happens every {0}?",
        "They leak every five or six weeks.",
        "What happens every five or six weeks?",
    ),
    _template(
        "number",
        rf"\b({_NUMBER} {_UNITS} (?:late|behind|overdue|out of date))\b",
        "What does '{0}' cost you?",
        "And the parts turn up two weeks late.",
        "What does 'two weeks late' cost you?",
    ),
    _template(
        "number",
        rf"\b(?:costs?|losing|lose|reckons?|that's|paid|gone|spend) (?:me |us |them )?{_AROUND}(?:a |an )?"
        rf"((?!a\b|an\b|one\b){_NUMBER}(?: {_MONEY})? (?:a|an|per|every|each) (?:minute|hour|day|week"
        r"|month|year|time|night))",
        "What goes into that {0}?",
        "Production reckons eleven thousand an hour.",
        "What goes into that eleven thousand an hour?",
    ),
    _template(
        "number",
        rf"\b(?:costs?|losing) (?:me |us |them )?{_AROUND}((?!a\b|an\b|one\b){_NUMBER} (?:{_MONEY}"
        r"|thousand|million|hundred)|"
        rf"(?!a\b|an\b|one\b){_NUMBER_WORD} (?:thousand|hundred|million))\b",
        "What goes into that {0}?",
        "Every stop costs us about two thousand euros.",
        "What goes into that two thousand euros?",
    ),
    _template(
        "person",
        rf"\b((?:my|our) (?:{_MOD} ){{0,2}}{_MOD}) {_ADV}(?:left|quit|resigned|walked out"
        r"|handed in (?:her|his|their) notice|has left)\b",
        "What changed when {0} left?",
        "My best welder handed in his notice.",
        "What changed when your best welder left?",
    ),
    _template(
        "problem",
        rf"\b(?:i|we)(?:'d| would)? {_ADV}(?:can't|cannot|couldn't) {_ADV}lose ((?!it\b|them\b|that\b"
        rf"|sight|track)\S+(?: \S+){{1,4}}?){_TAIL}",
        "What would it mean to lose {0}?",
        "I can't lose another one like that.",
        "What would it mean to lose another one like that?",
    ),
    _template(
        "problem",
        r"\b(?:she|he|they|somebody|one) handed in ((?:her|his|their) notice)\b",
        "What led up to {0}?",
        "And then she handed in her notice.",
        "What led up to her notice?",
    ),
    _template(
        "problem",
        r"\b(?:without|time|hours|days|evenings|nights|mornings|all day|all night|half the day|am"
        rf"|i'm|we're) (?:on )?({_DOING} \S+(?: \S+){{1,4}}?){_TAIL}",
        "What does {0} cost you?",
        "I'd like to see it without scrolling for half an hour.",
        "What does scrolling for half an hour cost you?",
    ),
    _template(
        "problem",
        r"\bsince (?:we|i) (changed|moved|bought|switched|lost|started|merged|took on|opened|hired"
        r"|stopped)"
        r"((?: (?:to|the|our|my|from|with"
        rf"|into))? (?!{_NO}\b)[\w'-]+(?: (?!{_NO}\b)[\w'-]+){{0,2}}){_TAIL}",
        "What happened when you {0} {1}?",
        "It's been wrong since we changed the till.",
        "What happened when you changed the till?",
    ),
    _template(
        "person",
        r"\b(?:only |just )?one (guy|person|man|woman|lady|nurse|engineer|driver|lad|girl"
        r"|chap) (?:who|that) (?:understands|knows|can)\b",
        "What happens when that one {0} isn't there?",
        "There's one guy who understands the payment code.",
        "What happens when that one guy isn't there?",
    ),
    _template(
        "problem",
        r"^((?:(?:the|our"
        rf"|my) )?(?:{_MOD} )?(?!{_NO}\b)[\w-]+[^s\W]s) have {_ADV}(gone through the roof|tripled"
        r"|doubled|gone up|got worse|"
        rf"dropped|fallen|dried up)\b",
        "Why do you think {0} have {1}?",
        "Returns have gone through the roof.",
        "Why do you think returns have gone through the roof?",
    ),
    _template(
        "person",
        rf"\b((?:my|our) (?:{_MOD} ){{0,2}}{_MOD}) {_ADV}(?:retires|is retiring|is leaving"
        r"|is about to retire)\b",
        "What happens when {0} leaves?",
        "Our bookkeeper retires in March.",
        "What happens when your bookkeeper leaves?",
    ),
    _template(
        "problem",
        rf"\b(?:i|we)(?:'ve| have)? {_ADV}(lost|missed|ran out of|threw away|threw out|wrote off|scrapped) "
        rf"((?!track|touch|count|interest|it\b|them\b|that\b|sight){_OWN} (?:{_MOD} ){{0,3}}{_MOD})",
        "What happened when you {0} {1}?",
        "I lost my best agent over it in January.",
        "What happened when you lost your best agent?",
    ),
    _template(
        "problem",
        rf"\b(?:i|we) {_ADV}(lose|miss|throw away|throw out|run out of|forget) "
        r"((?!track|touch|count|interest|it\b|them\b|that\b|sight"
        rf"|{_TIME})(?:\S+ )?(?!{_NO}\b)\S+(?: of \S+)?)"
        rf"(?: (?:by|every|in|on|at|over|to|because|before|each|when|a) .*)?{_TAIL}",
        "What happens when you {0} {1}?",
        "We run out of clean sheets by noon.",
        "What happens when you run out of clean sheets?",
    ),
    _template(
        "problem",
        rf"^({_NOUN}|{_THINGS}) {_ADV}({_FAIL_NOW})(?: (?:and|every|in|on|at|for|when|whenever|by"
        rf"|because|behind|again) .*)?{_TAIL}",
        "What happens when {0} {1}?",
        "The printer jams every morning.",
        "What happens when the printer jams?",
    ),
    _template(
        "problem",
        rf"\b({_NOUN}) {_ADV}({_FAIL_THEN})(?: (?:and|in|on|at|for|when|by|because|last|again) .*)?{_TAIL}",
        "What happened when {0} {1}?",
        "In the night our main pump broke down.",
        "What happened when your main pump broke down?",
    ),
    _template(
        "problem",
        rf"^({_OWN} (?:{_MOD} ){{0,2}}(?!{_NO}\b)[\w-]+[^s\W]s"
        rf"|the two \w+) never ([\w-]+(?: \S+){{0,3}}?){_TAIL}",
        "What happens when {0} don't {1}?",
        "The two lists never match.",
        "What happens when the two lists don't match?",
    ),
    _template(
        "problem",
        rf"^(?:nobody|no one) {_ADV}((?!knows|is|has|does|was|minds|says|likes"
        rf"|s\b)[\w-]+[^s\W]s(?: \S+){{1,4}}?){_TAIL}",
        "What happens when nobody {0}?",
        "Nobody picks it up after five.",
        "What happens when nobody picks it up after five?",
    ),
    _template(
        "problem",
        rf"^((?:(?:the|our|my|half the) )?(?:{_MOD} )?{_PEOPLE}) (?:just |always |simply |then "
        rf"|all )*({_DOES}(?: \S+){{0,3}}?){_TAIL}",
        "What happens when {0} {1}?",
        "People just cherry-pick the easy ones.",
        "What happens when people cherry-pick the easy ones?",
    ),
    _template(
        "problem",
        r"\b(?:had) to ((?!go|run|dash|be|have|say|ask|tell|laugh|admit|think"
        rf"|do\b)[\w-]+ (?!{_TAIL})\S+(?: \S+){{0,5}}?){_TAIL}",
        "What was it like having to {0}?",
        "So I had to explain it to the board.",
        "What was it like having to explain it to the board?",
    ),
    _template(
        "problem",
        rf"\b(?:i|we|they|nurses|drivers|people) {_ADV}have to ((?!go|run|dash|be|have|say|ask|tell"
        r"|laugh|admit|think|do\b|check with|"
        rf"take|convince|speak|talk)[\w-]+ \S+(?: \S+){{0,4}}?){_TAIL}",
        "What does having to {0} cost you?",
        "We have to type it all in twice.",
        "What does having to type it all in twice cost you?",
    ),
    _template(
        "problem",
        r"\b(?:does )?(get)s? (on (?:my|our) nerves)\b",
        "What about it {0}s {1}?",
        "It's gone up again, and that does get on my nerves.",
        "What about it gets on your nerves?",
    ),
    _template(
        "problem",
        r"(?<!^what )\b((?:keeps|kept) (?:me|us) (?:up|awake)(?: at night)?|(?:drives|makes) (?:me"
        r"|us) (?:mad|crazy|nuts|angry|nervous|furious)|"
        r"breaks my heart|worries (?:me|us)|frightens (?:me|us)|scares (?:me|us)|bothers (?:me|us))\b",
        "What about it {0}?",
        "That's what keeps me up at night, to be honest.",
        "What about it keeps you up at night?",
    ),
    _template(
        "problem",
        r"\b(?:worried|nervous|anxious|afraid|scared) (?:about|of) ((?:the|my|our|losing"
        rf"|missing) (?:{_MOD} ){{0,2}}{_MOD}){_TAIL}",
        "What worries you most about {0}?",
        "I'm a bit worried about the night shift.",
        "What worries you most about the night shift?",
    ),
    _template(
        "problem",
        r"\b(?:it's|it is|that's|it gets) (?:just |really |all |such |always "
        r"|pretty much )*a(?: complete| total| real| bit of a)?"
        r" (mess|nightmare|headache|pain|struggle|hassle|shambles|joke|worry|gamble|lottery|scramble)\b",
        "What makes it such a {0}?",
        "It's a nightmare in the winter.",
        "What makes it such a nightmare?",
    ),
    _template(
        "problem",
        r"\b(?:it's|it is|it gets|it got|that's) (?:just |really |all |so |very |always |quite "
        r"|pretty |a bit |rather )*"
        r"(awkward|frustrating|tedious|annoying|stressful|exhausting|embarrassing|confusing"
        r"|maddening|chaotic)\b",
        "What makes it so {0}?",
        "With my brother-in-law it's a bit awkward.",
        "What makes it so awkward?",
    ),
    _template(
        "problem",
        rf"\b((?:the|our|my|all the|all these|these|those|so many|too many) (?:{_MOD} )?(?:complaints"
        r"|returns|fines|mistakes|errors|"
        r"delays|no-shows|backlog|overtime|downtime|missed calls|refunds|breakdowns|rework|paperwork"
        r"|staff turnover|"
        rf"cancellations|waiting times))\b",
        "What's behind {0}?",
        "And then there are all the missed calls.",
        "What's behind all the missed calls?",
    ),
    _template(
        "problem",
        rf"\b(?:we're|i'm|we are|are|always|from \w+ on) {_ADV}(short of (?:{_MOD} )?{_MOD}"
        r"|short[- ]staffed|understaffed)\b",
        "What does being {0} cost you?",
        "We're always short of drivers.",
        "What does being short of drivers cost you?",
    ),
    _template(
        "wish",
        rf"\b(?:i|we)(?:'d| would)? {_ADV}(?:want|love|like) to ((?!see|hear|talk|ask|show|say|know"
        r"|go\b|pop|think|take|introduce|have|be\b|"
        r"look|add|thank|tell|understand|do\b|keep you|start|make sure|try|give|check|share"
        rf"|come)[\w-]+ \S+(?: \S+){{0,4}}?){_TAIL}",
        "What would it mean for you to {0}?",
        "We want to open a second kitchen.",
        "What would it mean for you to open a second kitchen?",
    ),
    _template(
        "wish",
        rf"\b(?:i'm|we're|i am|we are) {_ADV}(?:hoping|trying|planning|aiming|looking) to ((?!see"
        r"|hear|talk|ask|show|say|find out|understand|"
        rf"get\b|do\b|be\b)[\w-]+ \S+(?: \S+){{0,4}}?){_TAIL}",
        "What would it mean for you to {0}?",
        "We're trying to cut the night shift.",
        "What would it mean for you to cut the night shift?",
    ),
    _template(
        "wish",
        r"\bi wish (i|we|it|they|he|she) ((?!had a|could help"
        rf"|could stay)[\w-]+ \S+(?: \S+){{0,4}}?)(?: before .*)?{_TAIL}",
        "What would change if {0} {1}?",
        "I wish we knew the numbers on Monday.",
        "What would change if you knew the numbers on Monday?",
    ),
    _template(
        "wish",
        rf"\b(?:i|we)(?:'d| would)? {_ADV}(?:want|love|need|prefer|like) ((?:a|an|one|fewer|less|more"
        r"|something) (?!lot\b|bit\b|minute|moment|word\b(?! \w)|"
        r"coffee|think\b|look\b|quick|second\b(?! \w)|chat|than\b|of\b|time\b|like\b|to\b"
        rf"|that\b)[\w'-]+(?: (?!{_NO}\b)[\w'-]+){{0,2}})"
        rf"(?: (?:for|that|before|by|in|on|so|with|to|and|at|from|which|who) .*)?{_TAIL}",
        "What would {0} change for you?",
        "We'd want one word list, the same for everybody.",
        "What would one word list change for you?",
    ),
    _template(
        "time",
        rf"\b(before) (?:about |around )?((?:the end of )?(?:next )?{_MONTH})\b",
        "What has to be in place {0} {1}?",
        "It has to be done before the trade fair.",
        "What has to be in place before the trade fair?",
    ),
    _template(
        "time",
        r"\b(?:need|must|have to|has to|got|gave us|want|ready|done|finished|fix|sorted|open"
        rf"|live)\b(?: \S+){{0,5}}? (?:by|until|till|in time for) (?:about |around )?((?:the end of "
        rf"|end of )?(?:next )?{_MONTH})\b",
        "What has to be in place by {0}?",
        "I've got till about October.",
        "What has to be in place by October?",
    ),
    _template(
        "time",
        r"\b((?:the|our|my) (?:\w+ )?(?:lease|contract|licen[cs]e|agreement|warranty)) (?:is up"
        r"|is due|ends|expires)\b",
        "What has to be in place before {0} ends?",
        "Our lease is up in June.",
        "What has to be in place before your lease ends?",
    ),
    _template(
        "person",
        rf"\b((?:my|our|the) (?:{_MOD} )?(?:directors|trustees|owners|partners|governors|investors"
        r"|it people))\b",
        "What do {0} need to see?",
        "I'd have to take it to the trustees.",
        "What do the trustees need to see?",
    ),
    _template(
        "person",
        rf"\b((?:my|our|the) (?:{_MOD} )?{_ROLES})\b",
        "What does {0} need to see?",
        "My director's already asking.",
        "What does your director need to see?",
    ),
    _template(
        "way of working",
        r"(?<!great )(?<!good )(?<!fine )(?<!lovely )\b(by hand|on paper|from memory|by feeling"
        r"|in excel|by fax|on whatsapp|with pen and paper)\b",
        "What's the hardest part of doing it {0}?",
        "Grace still does hers on paper.",
        "What's the hardest part of doing it on paper?",
    ),
    _template(
        "way of working",
        rf"\b((?:in|on) (?:a|an|one|my|our|the|two|three) (?:{_MOD} ){{0,2}}{_CONTAINER})\b",
        "What's hard about having it all {0}?",
        "Everything lands in one shared inbox.",
        "What's hard about having it all in one shared inbox?",
    ),
)
"""In the order in which they are tried: the telling ones first."""
