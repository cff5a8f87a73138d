"""The parts of a customer's world in English, as data: how they work, what they want, what is in the way.

Owns patterns over plain words and their weights. Refuses to know any industry: parts are named by plain words.
The parts are those of ``cues.md`` (coverage), after SPIN (situation, problem, implication) and MEDDICC (pain,
metrics, people, compelling event).
"""

from __future__ import annotations

from typing import Final

from coach.call.vocabulary import AIM, COST, OBSTACLE, PEOPLE, TODAY, WHY_NOW
from coach.cues.weighing import clue

_NUMBER: Final = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
    r"|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|thousand|several|couple|dozen|half|few|third)"
)
_LENGTH: Final = r"(?:minutes?|hours?|days?|nights?|weeks?|weekends?|months?|mornings?|afternoons?|evenings?)"
_MONEY: Final = r"(?:dollars?|pounds?|quid|euros?|bucks?|grand|thousand|million|percent)"
_MONTH: Final = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|christmas|easter"
    r"|spring|summer|autumn|winter|year end|new year|thanksgiving|ramadan)"
)
_HOUSE: Final = (
    r"(?:boss|manager|director|directors|board|trustees|owner|owners|partner|partners|chief|ceo|cfo|cto|coo"
    r"|president|principal|head office|headquarters|finance|purchasing|procurement|legal|it department"
    r"|it people|it team|union|steward|works council|committee|council|accountant|controller|foreman"
    r"|team leads?|supervisor|head teacher|matron|governors|investors|shareholders|landlord"
    r"|auditors?|lawyers?)"
)
_OURS: Final = r"(?:my|our|the)(?: \w+){0,1}"
_SUBJECT: Final = r"(?:we|i|they|he|she|everybody|everyone|each \w+|the \w+|my \w+|our \w+|a \w+)"
_HAND: Final = (
    r"(?:by hand|on paper|in excel|in a spreadsheet|on (?:a|the) (?:whiteboard|spreadsheet|wall"
    r"|clipboard|board)"
    r"|by (?:e ?mail|phone|feeling|word of mouth|post|fax|radio)|over the (?:phone|radio)"
    r"|from memory|on whatsapp"
    r"|in (?:a|the|one|my) (?:\w+ )?(?:book|notebook|binder|folder|drawer|inbox|cabinet|shoebox"
    r"|ledger|diary))"
)
_OFTEN: Final = (
    r"(?:every (?:day|morning|evening|night|week|month|year|monday|tuesday|wednesday|thursday|friday)"
    r"|each (?:day|week|month|morning|night|year)|(?:once|twice) a (?:day|week|month|year)|a (?:day"
    r"|week|month)"
    r"|usually|normally|typically|mostly|at the moment|nowadays|these days|currently|always have"
    r"|on (?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)days)"
)

BIAS: Final = -3.0
ASKED: Final = 1.6
"""What a question of the rep after this part adds to the customer's next sentences, in log-odds."""
SUPPLIER: Final = clue(
    -2.6,
    "about the supplier or this call",
    r"(?:can|could|would|will|do|did|are|have|if) you(?! know)",
    r"you(?:'ve|'re|'d|'ll)|your|you (?:can|could|said|would|will|need|might|want)",
    r"(?:call|ring|send|email|e mail|talk to|see|hear|thank|thanks) (?:me|you|us)|send (?:it|that)",
    r"hang on|hold on|got to (?:go|run|dash)|have to (?:go|run|dash)|on mute|this call|nice talking"
    r"|take notes",
)
PRIVATE: Final = clue(
    -2.2,
    "home, weather, courtesy",
    r"my (?:daughter|kids|dog|cat|holiday|birthday|knee|back|neighbour|neighbor)|football|weather|raining"
    r"|at home|in laws|wedding (?:was|day)|my lunch|parked",
)
SETTLED: Final = clue(
    -3.5,
    "no trouble, long since mended",
    r"(?:no|not|never|isn't|wasn't|without)(?: \w+){0,2} (?:problem|problems|issue|issues"
    r"|complaints?|trouble|trouble"
    r"|worry|worries|hassle)|can't complain|don't mind|doesn't bother|works? (?:fine|well|great)"
    r"|runs like|fixed|sorted|mended|solved|happy with|good as gold|never let us down|can't fault"
    r"|couldn't ask"
    r"|no complaints|never mind",
)

FORMS: Final = {
    TODAY: (
        clue(
            3.2,
            "we run, we've got, we use",
            r"we(?:'ve| have)?(?: now| still| just| only| all| mostly| always| currently| basically"
            r"| mainly)?"
            r" (?:got(?! until| till| to )|run|use|build|make|sell|ship|serve|cover|feed|turn|handle"
            r"|process|bake|grow|print|rent|teach"
            r"|treat|deliver|buy|pack|store|book|track|log|file|plan|order|weigh|measure|count|collect|bill"
            r"|invoice|send out|keep (?:it|them|everything|all|a|the|our)|outsource|employ|import"
            r"|export|host"
            r"|open at|close at|take (?:about|around|in|orders|bookings|calls)|look after|(?:do"
            r"|write|put|type|enter)"
            r" (?:it|them|that|everything|most|all|about|around|the|our|booking\w*|roughly)"
            r"|work with|work in|split"
            r"|meet|share|rely on|operate|repair|clean|cut|mill|cook|stock|source|milk|\w+ roughly)",
            r"(?:we're|we are) (?:a|an|about|around|mostly|mainly|all|open|on|based|\w+ (?:people"
            r"|beds|sites|strong))",
        ),
        clue(
            3.1,
            "there are four of us, it goes to Sue",
            rf"there(?:'s| is| are|'re) (?:only |just |about |around )?(?:{_NUMBER}|\w+teen"
            r"|\w+ty) (?:\w+ )?(?:of us"
            r"|people|doctors|nurses|drivers|vans|trucks|shops|sites|branches|machines|rooms|teams"
            r"|shifts|lines"
            r"|counters|desks|stores|offices|staff|guys|lads|girls)",
            r"(?:order|orders|request|requests|ticket|tickets|invoice|invoices|form|forms|it"
            r"|everything|message"
            r"|messages|call|calls|booking|bookings|claim|claims|patient|patients|sample|samples"
            r"|application|file"
            r"|files) (?:all |then |just |always )?(?:lands?|comes? in|goes? (?:to|into|on|in|out"
            r"|through|via|over)"
            r"|arrives?|gets? (?:printed|typed|filed|passed|sent|logged|entered|booked|written"
            r"|weighed|checked)"
            r"|lives?|runs? (?:on|through|over))",
        ),
        clue(
            3.1,
            "by hand, on paper, a wall map",
            _HAND,
            r"(?:spreadsheet|spreadsheets|clipboards?|whiteboard|wall map|wall planner|shared inbox"
            r"|shared drive"
            r"|sticky notes|paper forms?|pen and paper|google sheets?|ledger|intranet|card index"
            r"|logbook|fax)",
        ),
        clue(
            3.1,
            "I look after, I do the rota",
            r"(?:i|he|she|my \w+|the \w+)(?: \w+ly| just| also)? (?:look after|looks after|do the"
            r"|does the|run the"
            r"|runs the|handle|handles|deal with|deals with|am in charge|is in charge|am responsible"
            r"|take care of"
            r"|takes care of|manage the|manages the|write it|writes it|key it|keys it)"
            r"|i'm (?:in charge|responsible)",
        ),
        clue(
            3.1,
            "so then she prints it and it goes in the tray",
            r"(?:the|a|each|every) (?:guest|patient|customer|driver|order|parcel|visitor|caller"
            r"|nurse|doctor|student)s? (?:signs|comes|fills"
            r"|gets|rings|calls|brings|takes|sees|prints|checks|puts)|(?:so |and )?(?:then|first"
            r"|after that|from there)(?: \w+){1,3} (?:prints?|types?|writes?|puts?|sends?|signs?"
            r"|checks?|rings?|calls?|picks?|takes?|scans?|enters?|copies|copy|files?|loads?|weighs?"
            r"|stamps?|goes (?:to|in|into|on|out|back|up)"
            r"|books?|emails?|looks?)",
            rf"{_SUBJECT} (?:\w+ )?(?:prints?|types?|writes?|signs?|scans?|keys?|files?|stamps?"
            r"|weighs?|loads?"
            r"|counts?|radios?|dispatch(?:es)?) (?:it|them|the|a|everything|in|out|up|themselves)",
        ),
        clue(1.3, "every morning, usually, at the moment", _OFTEN),
        clue(
            2.9,
            "at the moment we, the way we do it",
            r"(?:at the moment|right now|today|these days|currently|nowadays|the way) (?:we|it's|i"
            r"|everybody|it all)"
            r"|the system (?:we've got|we use|we have)|we(?:'ve| have) (?:been (?:with|using|on)"
            r"|used|had (?:the same|a"
            r"|an))|(?:always|just) done it|my predecessor|we're (?:using|running|working|doing"
            r"|still (?:on|using))"
            r"|it's (?:all |mostly |mainly |just )?(?:done|kept|written|stored|logged|filed|handled|run)",
        ),
        clue(
            1.6,
            "eleven people, two shifts, six pumps in a row",
            rf"(?:{_NUMBER}|\w+teen|\w+ty)(?: \w+)? (?:people|staff|employees|shifts|shops|stores"
            r"|sites|vans|trucks"
            r"|beds|machines|branches|offices|pumps|lines|mills|crews|teams|houses|students|families"
            r"|parcels|orders"
            r"|calls|tickets|customers|clients|volunteers|agents|drivers|nurses|tables|rooms|fields"
            r"|cows|acres)",
        ),
        clue(
            -1.6,
            "once, back then",
            r"ago|again|hurts?|suddenly|yesterday|last (?:week|month|year|time|autumn|spring|summer"
            r"|winter|night)",
        ),
        clue(
            -2.6,
            "a wish, not the day",
            r"(?:would|'d|wish|could|should|want|need|if|hope|instead of|never|ever)",
        ),
    ),
    AIM: (
        clue(
            3.5,
            "what we want is, we'd love, the goal",
            r"(?:what|all) (?:i|we)(?:'d| would)?(?: really| actually| just)* (?:want|need|hope"
            r"|wish)|what (?:i|we)'d (?:like|love)",
            r"(?:i|we)(?:'d| would)(?: really| just| also| rather| love to| like to)* (?:love|like"
            r"|want|prefer"
            r"|give (?:anything|my|a lot))",
            r"(?:my|our|the) (?:\w+ )?(?:goal|goals|aim|aims|target|targets|dream|ambition|objective"
            r"|objectives|hope"
            r"|wish|vision)(?: for \w+(?: \w+)?)? (?:is|are|would|was|this|next|has)",
            r"(?:ideally|in an ideal world|in a perfect world|if only|i wish|we wish|the dream)",
            r"(?:i'm|we're|i am|we are)(?: all| really| just)? (?:hoping|aiming|looking|planning"
            r"|trying|keen)"
            r" (?:to|for)",
            r"(?:i|we) (?:want|hope|intend|aim|plan)(?: \w+)? (?:to|it|that|them|everybody|everyone"
            r"|people|one|our"
            r"|the|every|a|an|somebody|someone|something|less|more|fewer)",
        ),
        clue(
            3.3,
            "if that stopped, I could",
            r"if(?: \w+){1,9} (?:i'd|we'd|i could|we could|i wouldn't|we wouldn't|would be"
            r"|that would|i would|we would)",
            r"(?:would|'d) be (?:a (?:relief|godsend|dream|miracle|blessing|win|start|game)|heaven"
            r"|wonderful|lovely"
            r"|brilliant|magic|enough|ideal|perfect|nice)",
            r"(?:i|we|somebody|someone|they) (?:could|would) finally|so (?:that )?(?:i|we|they"
            r"|nobody) (?:can|could|don't"
            r" have to|never have to|wouldn't)|success (?:is|would|looks|means)|(?:bring|cut|halve|raise"
            r"|grow|reduce) (?:it|that|this|them|our \w+|the \w+) (?:down |up )?(?:to|by|from|under"
            r"|below) \w+",
        ),
        clue(
            3.1,
            "we need, it has to",
            r"(?:i|we)(?: really| just| also| badly| desperately)? need (?:to|a|an|one|something"
            r"|somebody|someone|it"
            r"|that|them|more|less|fewer|every|our)|(?:it|that|they|everything"
            r"|whoever \w+)(?: really| just)? (?:has"
            r"|have|needs?) to (?:be|work|fit|run|hold|go|last|arrive|stop|get|come)",
            r"(?:the main|the most important|the only|the one|the first) thing (?:is|for \w+ is"
            r"|i want|we want|i need"
            r"|we need|would)|what matters (?:most |to \w+ )*is|as long as (?:it|they|we|i|nobody"
            r"|the)(?: \w+){1,9} (?:i'm|we're|i am|we are) (?:happy|fine|content)",
        ),
        clue(
            -3.0,
            "don't want, wanted to say, need to go",
            r"(?:don't|doesn't|didn't|not|never)(?: really| actually)? (?:want|need|like|hoping|looking)",
            r"(?:want|need|like|love|wanted|going) to (?:hear|say|ask|show|tell|add|introduce|thank"
            r"|talk|take|see (?:it|that|a)"
            r"|pop|go(?! home)|know|think|check|finish|jump|start)|(?:love|like) (?:that|the look|it"
            r"|them)|needs? to (?:go out|pop)"
            r"|used to|wanted|they'd|he'd|she'd|would you|i'd (?:say|think|have|be (?:up|in|happy)"
            r"|rather not)|i'd like (?:a"
            r" minute|notes)",
        ),
        clue(-1.5, "a pushing back", r"too much|no way|not interested|budget"),
    ),
    OBSTACLE: (
        clue(
            3.3,
            "the problem is, it keeps breaking",
            r"(?:problem|problems|trouble|snag|catch|headache|headaches|nightmare|mess|pain|struggle"
            r"|struggling|bottleneck"
            r"|backlog|chaos|chaotic|hassle|weak (?:spot|point|link)|sore point|sticking point"
            r"|stumbling block|shambles"
            r"|a joke|hopeless|hit and miss|guesswork|firefighting)",
            r"(?:keep|keeps|kept|always|constantly|forever)(?: \w+)? (?:losing|having to|getting"
            r"|forgetting|breaking|asking|missing"
            r"|failing|changing|chasing|crashing|freezing|jamming|running out|going (?:wrong|missing"
            r"|down)|mixing|falling)",
            r"(?:never|hardly|barely|rarely|seldom) (?:know|knows|arrives?|comes?|get|gets|matches"
            r"|match|works?|works|enough"
            r"|agree|agrees|answers?|finds?|reaches|right|on time)",
        ),
        clue(
            3.1,
            "goes wrong, gets lost, breaks down",
            r"(?:goes?|went|gone|going) (?:wrong|missing|astray|down|unanswered|stale|off)|(?:gets?"
            r"|got|getting) (?:lost|missed"
            r"|forgotten|stuck|damaged|delayed|mixed up|worse|ignored|buried)|(?:break|breaks|broke"
            r"|breaking|falls?|fell) (?:down"
            r"|through|apart|over|behind|off)|freezes|crashes|jams|leaks?|leaking|fails?|failing"
            r"|overflows?|weeping"
            r"|slips? through|piles? up|piling up|double ?booked|out of (?:date|stock|sync|hand)"
            r"|falls? off|fell off(?! my chair)|turned"
            r" up (?:late|broken|wrong)|wrong (?:size|part|one|address|order|price|number|version"
            r"|place|way)|don't talk to"
            r" each other|doesn't talk to|cherry pick\w*",
        ),
        clue(
            3.0,
            "nobody knows, we can't see",
            r"(?:nobody|no one|none of us)(?:'s| has| ever| really| actually| even)? (?:knows?|owns?"
            r"|checks?|answers?|reads?|tells?"
            r"|bothers?|believes?|trusts?|notice[sd]?|looks?|understands?|writes?|picks?|had noticed"
            r"|else|listens|dares)",
            r"(?:i|we|they|you|people|nurses|drivers|customers|many)(?: \w+ly| just| still| simply"
            r"| honestly)? (?:can't|cannot"
            r"|couldn't|can never|don't know(?! why)|never know|have no (?:idea|way|clue)"
            r"|had no (?:idea|way|clue)|haven't (?:a clue|got the)|struggle to"
            r"|lose track|run out|ran out|forget|can hardly)(?! (?:tell you|complain|make it|hear"
            r"|wait|say|help|remember|ask|see"
            r" (?:your|you|the screen|it)|fault|lose|afford|really))",
            r"don't(?: really| even| actually)? (?:trust|see|get|understand|know|show|match|talk)"
            r" (?:\w+ )?(?:which|what|who|where|the|each|a|any|it|them|how|whether|our|until)",
            r"no (?:idea|clue|way of|visibility|overview|record|cover|spare|time (?:to|for)|space"
            r"|room for|standard|backup|process)",
        ),
        clue(
            3.1,
            "too slow, too many, not enough",
            r"(?:too|far too|way too) (?:slow|many|much work|late|old|small|few|long|hard"
            r"|complicated|busy|manual|heavy|often|big|loud)",
            r"not enough|isn't enough|aren't enough|short staffed|short of|understaffed|overworked"
            r"|overloaded|stretched|shortage"
            r"|lack of|unreliable|old fashioned|outdated|obsolete|by the time(?: \w+){2,5} (?:has"
            r"|have|had|is|are|it's|he's|she's|they've|already)|(?:painfully|so|terribly"
            r"|awfully) (?:slow|late)"
            r"|sits? there|waits? for|waiting for|stuck (?:in|with|on|at)|swamped|drowning",
            r"frustrat\w+|annoy\w+|tedious|awkward|confus\w+|maddening|exhausting|stressful"
            r"|drives? (?:me|us|them) (?:mad|crazy|nuts|up)"
            r"|gets? on my nerves|what (?:worries|frightens|scares|bothers|bugs) (?:me|us)"
            r"|keeps me (?:up|awake)|lie awake",
        ),
        clue(
            1.0,
            "a need, as read",
            r"(?:every (?:single )?time|again and again|over and over|all over the place)",
        ),
        clue(
            -1.4,
            "a wish or a condition",
            r"(?:if|i'd love|we'd love|ideally|would be|want|hope)",
        ),
    ),
    COST: (
        clue(
            3.4,
            "it costs us, we lost, we paid",
            r"(?:cost|costs|costing) (?:me|us|them|him|her|the (?:company|firm|practice|hospital"
            r"|school)|a (?:fortune|bomb|lot)"
            r"|about|around|nearly|over|\w+ (?:thousand|hundred|grand|million|dollars)|\d+)",
            r"(?:we|i|they|it|that|he|she|the \w+)(?:'ve| have|'s| has)?(?: just| nearly| probably"
            r"| already| since)? (?:lost|lose|loses"
            r"|losing|wasted?|wastes|throw away|threw away|throw out|threw out|binned|bin|scrap"
            r"|scrapped|wrote off|write off"
            r"|refunded|refund|paid (?:a|the) (?:fine|penalty)|fined) (?:a|an|the|our|two|three|half"
            r"|another|about|every|\w+ty|\d+|so much|customers?|money|everything|it all|them"
            r"|tenants?) ?(?!track|touch|lot of (?:track|touch))",
            r"(?:fined|sued|charged) (?:me|us|them)|(?:a|the|in|another) (?:fine|fines|penalty"
            r"|penalties|refund|refunds|compensation)|down the (?:drain|tubes|pan)"
            r"|walking out (?:of )?the door|out of (?:our|my) (?:own )?pocket|money (?:we"
            r"|i) (?:never|don't) (?:see|get)",
        ),
        clue(
            3.1,
            "it takes half the morning, nine hours",
            r"(?:spend|spends|spent|spending|takes?|took|taking|eats?(?: up)?|ate|waste|wastes|lose"
            r"|loses|lost|waited|wait"
            r"|waits|costs?)(?: (?:me|us|him|her|them|(?:my|our|the) \w+|about|around|nearly|over"
            r"|at least|up to|the|a good|most of|another|maybe"
            rf"|roughly|easily)){{0,3}} (?:{_NUMBER} )+(?:of )?(?:an |a |the |that |my |our |whole "
            rf"|good |full |working )?{_LENGTH}",
            rf"(?:{_NUMBER} )+(?:of an |the )?{_LENGTH} (?:each|every \w+|a (?:day|week|month)"
            r"|on the phone|of (?:typing|chasing|looking|searching"
            r"|overtime|downtime|lost|rework|scrolling|standing|waiting)|wasted|gone|lost|down)",
            r"(?:overtime|downtime|rework|re ?do(?:ing)?|written off|standing still|stood still"
            r"|stands still|line stops"
            r"|line stopped|the whole (?:line|shift|day|morning|afternoon|night|place"
            r"|batch) (?:stops|stopped|stands|was|went|had))",
            r"half the (?:morning|day|week|night|shift|afternoon|team|time)|all (?:night|weekend|day"
            r"|morning) (?:on|just|doing|to)",
        ),
        clue(
            3.2,
            "she handed in her notice, customers walk",
            r"(?:hand|hands|handed) in (?:her|his|their|my) notice|(?:resigned|quit|quits|resign"
            r"|burn(?:t|ed)? out)"
            r"|(?:customers?|clients?|people|guests?|staff|patients?|nurses|drivers|buyers|members"
            r"|tenants|they|students|families"
            r"|agents)(?: just| simply| then| \w+ly| also)? (?:leave|leaves|walk away|walked away"
            r"|walk out|go elsewhere|went elsewhere|go to"
            r" (?:the competition|a competitor|the other|somebody)|drop out|give up|gave up|cancel"
            r"|cancelled|never come back"
            r"|don't come back|complain|walk to)",
            r"(?:we'd|i'd|we'll|i'll|we would|i'm|we're)(?: all| just)? (?:be (?:done|finished"
            r"|out of business|bankrupt|closed|out of a job)|done for"
            r"|finished|go under|lose (?:the|them|our|it|everything|two|half|another))"
            r"|don't have a company|shut (?:us|the place) down"
            r"|lost (?:my|our|the) (?:best|biggest|oldest|only)|pull the (?:grant|plug)|my (?:neck"
            r"|job) (?:is|on)",
            r"sold out|missed (?:the|our|a) (?:deadline|delivery|boat|window|slot|start)",
        ),
        clue(
            1.7,
            "a sum of money",
            rf"(?:{_NUMBER}|\d+) (?:\w+ )?{_MONEY}(?: (?:a|an|per|every|each|gone|lost|in|down|of)| $)?",
            rf"{_MONEY} (?:a|an|per|each|every) (?:hour|day|week|month|year|time|go|piece|pallet|night)",
        ),
        clue(
            1.6,
            "so then, and then, because of that",
            r"(?:so|and) (?:then|suddenly|now|in the end|that's|it's)(?: \w+){0,4} (?:three|twice"
            r"|double|all|again|more|back|lost|late|gone)"
            r"|because of (?:it|that|this)|which means|ends? up|that means|as a result|every one i"
            r"|an hour|over it",
        ),
        clue(
            -2.8,
            "an income, a purchase, a price",
            r"(?:earn|earns|turnover|revenue|salary|make (?:about|around)|we bought|i bought"
            r"|bought (?:a|the|it)|is worth|sells? for"
            r"|per seat|per user|licen[cs]e|membership|budget|quote|quoted|cheaper|discount|deposit"
            r"|rent is|too expensive|price"
            r"|afford|kilowatt|free)",
        ),
        clue(
            -2.0,
            "a while that is no loss",
            r"(?:been (?:with|in|here|doing|teaching)|years (?:ago|old|in)|drive from|to retirement"
            r"|since we|joined|weddings?|holiday|in total|would cost|does (?:it|that) cost|how much"
            r"|at least it|ago|saved?)",
        ),
    ),
    PEOPLE: (
        clue(
            3.4,
            "my director, the board, purchasing",
            rf"{_OURS} {_HOUSE}(?: \w+){{0,2}} (?:wants?|says?|said|asks?|asked|asking|keeps?"
            r"|decides?|signs?|signed|has|have|had|needs?"
            r"|looks?|look|thinks?|is|are|'s|will|would|must|won't|told|approves?|insists?|picked"
            r"|pays|holds?|cares?|gets|gave|hates?"
            r"|loves?|sits|turned|squeezes?|makes|runs|sees)",
            rf"(?:my|our) (?:\w+ )?{_HOUSE}|^(?:the |my |our )?(?:\w+ )?{_HOUSE}$"
            rf"|(?:^|and |then |both )(?:{_HOUSE}) (?:only|always|never|ever|wants?|will|has|have"
            r"|signs?|looks?|decides?|would|needs?)",
        ),
        clue(
            3.3,
            "she decides, it needs his signature",
            r"(?:he|she|they|who|my \w+|our \w+|the \w+|[a-z]+)(?:'s| is|'re| are| will| would"
            r"| has to|'ll)?(?: always| then| also| really| finally)* (?:the one who"
            r" (?:decides|signs|pays|uses)|decides?|signs? (?:it|off|everything|the|for|anything"
            r"|that)|signed off|approves?|has the (?:last|final) (?:word|say)"
            r"|holds? the (?:budget|purse|money)|in the room|has a (?:say|veto|vote)|have a (?:say"
            r"|vote|veto)|be involved|involved|agree to it)",
            r"(?:not|isn't|wasn't) (?:just |only )?(?:my|our) (?:decision|call|choice)|(?:i'd|we'd|i"
            r"|we) (?:have|need|would have|would need|'d need|want) to (?:ask|run it"
            r" past|run it by|take (?:it|that|this) to|convince|persuade|clear it with|check with"
            r"|get \w+ on board|win over|speak to|talk to (?:the|my|our))",
            r"(?:get|have|need|want) (?:\w+ ){0,3}(?:on board|sign off|in the room|at the table"
            r"|buy in)|between (?:me|us) and (?:my|the|our)|in front of the board",
            r"(?:the|my|our) \w+ and (?:the|my|our) \w+ (?:would|will|both|use|decide|sign|have to)",
        ),
        clue(
            3.2,
            "my brother runs the other half",
            r"my (?:brother|sister|father|mother|dad|mum|mom|wife|husband|son|uncle|cousin"
            r"|brother in law|co founder|deputy|assistant"
            r"|colleague|predecessor)(?: \w+)? (?:runs|decides|does the|signs|owns|keeps|handles"
            r"|looks after|wants|pays|set it up|has to)",
            r"(?:it's|there's|there is|it is) (?:just |really |only )?(?:me|him|her|\w+) and (?:my"
            r"|the|our|a|\w+)(?: \w+){0,2} (?:who|on|doing|that)",
            r"(?:shop steward|works council|union|committee|trustees|governors|shareholders"
            r"|purchasing|procurement)",
            r"(?:i'm|i am|she's|he's) the (?:only )?(?:one|person) who|(?:two|three|four|five"
            r"|six) of us (?:decide|vote|sign|have)",
        ),
        clue(
            1.6,
            "the director and purchasing",
            rf"{_OURS} {_HOUSE}|and {_HOUSE}|(?:the|my|our) \w+(?: and)? then the \w+",
        ),
        clue(-1.5, "whoever", r"somebody|someone|anybody|anyone|nobody|no one|people say"),
        clue(
            -2.4,
            "a good word, a pastime",
            r"lunch|italian|sacred|joke|birthday|party|nice lad|funny|owns? us",
        ),
    ),
    WHY_NOW: (
        clue(
            3.4,
            "by October, before the season",
            r"(?:before|by|come|in time for)(?: about| around)?(?: the| next| end of| the end of"
            r"| this| early| late| mid)*"
            rf" (?:\w+ )?(?:{_MONTH}|season|harvest|term|rush|peak|holidays|deadline|audit|inspection"
            r"|trade fair|launch|opening|move|merger"
            r"|election|handover|renewal|quarter|financial year|fiscal year|year's end|go live"
            r"|next year|christmas rush)",
            r"(?:i've|we've|i have|we have|he's|she's|they've) (?:only )?(?:got )?(?:\w+ (?:weeks"
            r"|months) (?:left|to|until|before))"
            rf"|end of (?:the )?(?:{_MONTH}|month|year|quarter|week|season|lease)",
        ),
        clue(
            3.3,
            "the lease runs out, the law changes",
            r"(?:lease|contract|agreement|licen[cs]e|support|warranty|grant|permit|certificate"
            r"|subscription|patent)(?:'s| is| will)? (?:up|ends?|ending|runs? out"
            r"|running out|expires?|expiring|due|stops|up for|over|finish\w*)",
            r"(?:new|the) (?:law|rule|rules|regulation|regulations|standard|directive|owner|owners"
            r"|boss|director|manager|management|competitor|site|building)"
            r" (?:\w+ )?(?:comes?|came|coming|starts?|started|kicks? in|takes? effect|says|wants"
            r"|opens?|moved|from|took over|in force|is coming)",
            r"(?:auditors?|inspectors?|regulator|inspection|audit|merger|season|rush|peak"
            r"|takeover)(?:'s| is| are| starts?| begins?| comes?| came)? (?:\w+ )?(?:coming"
            r"|back|here|due|in (?:january|february|march|april|may|june|july|august|september"
            r"|october|november|december|the spring|spring|two|three|six|a)|next)",
            r"(?:retires?|retiring|turns sixty|goes on (?:leave|maternity)|leaves us|(?:maternity"
            r"|paternity|parental) leave|last day) (?:in|from|next|at|on|this|is)?",
        ),
        clue(
            3.2,
            "that's why I'm calling, the last straw",
            r"(?:that's why|which is why|that is why|the reason) (?:i|we)(?:'m|'re| am"
            r"| are)? (?:call|called|calling|rang|looking|picked up|here|talking|now|started)",
            r"last straw|can't wait (?:any|until|till|another)|(?:can't|cannot) go (?:on"
            r"|through) (?:like|another|that again)|not another (?:winter|summer|year|season"
            r"|christmas|month)"
            r"|running out of time|time is running|clock is ticking|it's now or|before it's too late"
            r"|this time (?:round|around|we|it|last)|or they(?:'ll| will)? (?:pull|walk|find|close"
            r"|cancel|leave|fine|stop|go)",
            r"(?:(?:i|we)(?:'ve| have)?(?: only)?(?: got)?|it runs|it ends|runs out|latest|(?:gave"
            rf"|given|giving|give) us) (?:until|till|by)(?: about| around| the end of)? {_MONTH}",
            r"(?:ever )?since (?:the|we|they|our|that|last|my) (?:\w+ ){0,2}(?:incident|accident"
            r"|fire|flood|audit|merger|strike|storm|scandal|recall|breach|move|fine)"
            r"|(?:we're|we are|they're) (?:opening|moving|merging|launching|doubling|closing"
            r"|expanding|hiring|switching)(?: \w+){0,5} (?:in|this|next|by|from|before) \w+"
            r"|(?:fix|sort|solve) it by \w+|now that|just (?:lost|been bought|been fined|failed)"
            r"|what changed (?:is|was)",
        ),
        clue(
            -3.0,
            "an appointment, a memory",
            r"(?:monday|tuesday|wednesday|thursday|friday) (?:works|is|at|suits)|that was before"
            r"|half past|o'clock|(?:see|call|ring|talk) (?:me|you)(?: \w+){0,3} (?:next|in)"
            r"|we opened|opened in|started in|was born|years ago|back in|used to|it was (?:a|cold"
            r"|nice)|let's|shall we|the money under|in nineteen|in eighty|last (?:year|winter|summer"
            r"|spring|autumn|christmas)"
            r"|from two thousand|we're open|open (?:from|until|till)|finished|until (?:noon|seven"
            r"|midnight)|birthday",
        ),
    ),
}
"""The clues of each part; `BIAS` is where each begins."""

ASKS: Final = {
    TODAY: (
        clue(
            1.0,
            "walk me through, how do you do it today",
            r"walk me through|how do you(?: \w+){0,8}|typical|normal|right now|today|at the moment"
            r"|currently|these days"
            r"|what do you use|how does (?:it|that|the|a|your)(?: \w+){0,5} work"
            r"|what happens (?:from|to|with|after)|how many|how big",
        ),
    ),
    AIM: (
        clue(
            1.0,
            "what would you like, in an ideal world",
            r"what would(?: \w+){0,5} (?:look like|like|want|need|change|be|mean)|what (?:do"
            r"|did) you (?:want|need|hope|wish)|ideal|perfect"
            r"|goals?|aim|success|dream|hoping|trying to (?:achieve|reach|get)|magic wand|if (?:you"
            r"|that|nobody|it) (?:could|had|was|were)",
        ),
    ),
    OBSTACLE: (
        clue(
            1.0,
            "what's in the way, what goes wrong",
            r"what(?:'s| is) (?:in the way|stopping|hard|difficult|the hardest|the problem|missing"
            r"|worst|getting|holding|frustrating|the worst|wrong)"
            r"|what goes wrong|where does it|what (?:bothers|worries|frustrates|hurts|annoys|keeps)"
            r"|what stops|what makes (?:it|that)(?: so)? (?:hard|difficult)|struggle|challenge"
            r"|challenges|pain",
        ),
    ),
    COST: (
        clue(
            1.0,
            "what does that cost you, what happens then",
            r"cost|costs|what does (?:that|it|this)(?: \w+){0,2} (?:do|mean|lead)"
            r"|what happens (?:when|if|then)|how much(?: \w+){0,3} (?:lose|time|money|waste)"
            r"|what did (?:that|it|those|this)|how long does|what would happen|impact|consequences?"
            r"|affect|and then",
        ),
    ),
    PEOPLE: (
        clue(
            1.0,
            "who else has a say",
            r"who (?:else|decides|signs|has|would|will|is|needs|pays|uses)|who's|whose|anyone else"
            r"|anybody else|have a say|has a say"
            r"|decision|sign off|involved|team",
        ),
    ),
    WHY_NOW: (
        clue(
            1.0,
            "why now, what's changed",
            r"why (?:now|this|today)|what(?:'s| has)? changed|what made you (?:pick|call|ring|look"
            r"|reach|get|write|start)|when (?:do|does|would) (?:you|it|this)(?: \w+){0,3}"
            r" (?:need|want|have|ready)|how soon|deadline|by when|timeline|urgent"
            r"|what happens if (?:you|nothing)|how urgent",
        ),
    ),
}
"""What in a rep's question asks for a part."""
