"""The forms of a need in English, as data: want, harm, worry, cost.

Owns patterns over plain words and their weights. Refuses to know any industry: harm and want are named by
plain words.
"""

from __future__ import annotations

from typing import Final

from coach.cues.weighing import clue

NEED: Final = (
    clue(
        3.0,
        "we want, we need, I'd love",
        r"(?:i|we|they|he|she|my \w+|our \w+|the \w+)(?:'d| would|'m| am|'re| are)?(?: \w+ly| just| also"
        r"| ever| still)? (?:need|needs|want|wants|wanted|wish|wishes|hope|hoping|love|like|dream"
        r"|prefer)(?: \w+)? (?:to|it|that|somebody|someone|something|a|an|the|one|for|less|more|fewer|is|my"
        r"|our|them)",
        r"(?:looking|hoping|trying|desperate|keen|aiming|planning) (?:for|to)",
        r"(?:i|we) (?:really |desperately |just |badly )?(?:need|want|wish)",
        r"what (?:i|we)(?:'d| would)?(?: really| actually| just)? (?:need|want|like|love|hope|wish|care)",
        r"(?:ideally|in an ideal world|if only|the dream|my goal|our goal|the goal|the aim|our target"
        r"|the target|the plan is|would be (?:nice|great|lovely|good|a (?:relief|godsend|dream)))",
        r"(?:has|have|had|needs?|got) to (?:be|have|stop|get|work|come|hear|go|change|know|improve|happen)",
        r"(?:must|can't) (?:have|be|go on|lose|afford|happen|do|keep|find|get|see|tell|trust|sleep|even|say"
        r"|plan|hire|reach|cope|scale|prove|take)",
    ),
    clue(
        2.6,
        "problem, nightmare, mess, pain",
        r"(?:problem|problems|issue|issues|trouble|nightmare|mess|pain|painful|headache|headaches|struggle"
        r"|struggling|struggles|struggled|chaos|chaotic|disaster|crisis|bottleneck|backlog|complaint"
        r"|complaints|complain|complains|complaining|mistake|mistakes|error|errors|risk|risky|hassle|a joke"
        r"|horrible|awful|terrible|hopeless|shambles|mayhem|frustrating|frustrated|annoying|annoyed|annoys"
        r"|maddening|tedious|exhausting|exhausted|stressful|stressed|overwhelmed|embarrassing|embarrassed"
        r"|unfair|furious|fed up|sick of|sick and tired|tired of|burn(?:t|ed|ing)? out|burnout"
        r"|short staffed|understaffed|overworked|drowning|swamped|stretched|behind|out of date|outdated"
        r"|unreliable|slow|too (?:long|slow|much|many|late|often|few|small|old|hard|manual)|by hand"
        r"|manually|threw|throw(?:ing|n)? (?:\w+ )?(?:away|out)|(?:nobody|no one|nowhere|nothing) (?:to"
        r"|left)|wasted|waste|wasting|wastes|expensive mistake|fines?|penalty|penalties|injur\w+|accident"
        r"|danger\w*|unsafe|fault|faulty|leaks?|leaking|breakdown|breakdowns|downtime|outages?|turnover"
        r"|churn|shortage)",
    ),
    clue(
        2.5,
        "worries me, keeps me up",
        r"(?:worr(?:y|ies|ied|ying)|afraid|scared|scares|scary|fear|fears|nervous|anxious|dread|dreading"
        r"|terrified|terrifies|panic\w*|lie awake|lying awake|lose sleep|losing sleep|awake at night"
        r"|up at night|bothers?|bugs|hurts?|hurting|kills?|killing|drives? (?:\w+ ){1,2}(?:mad|crazy|nuts"
        r"|insane|up the wall|potty|round the bend)|cried|screamed|shouted|yelled|gets on my nerves"
        r"|get on my nerves|hate|hates|can't stand|sick to|ashamed|guilty|don't ever want|never want"
        r"|finished|be done|out of business|go under|sacked|fired|blame|blames|blamed|my neck|on the line"
        r"|trust us|don't trust|gave up|give up|giving up|cry|crying|tears|sweat|at the point where"
        r"|breaking point|last straw|end of (?:my|our) (?:rope|tether))",
    ),
    clue(
        2.3,
        "we lose, it breaks, nobody knows",
        r"(?:los(?:e|es|ing|t)|miss(?:ed|es|ing)?|break(?:s|ing)?|broke|broken|fail(?:s|ed|ing|ure|ures)?"
        r"|crash(?:es|ed|ing)?|delay(?:s|ed)?|late|cancel(?:s|led|ling|ed)?|wrong|forgot|forget|forgets"
        r"|forgotten|ignored?|stuck|stop(?:s|ped)? (?:working|dead)|goes? (?:wrong|missing|down|cold|bad"
        r"|stale|unanswered)|went (?:wrong|missing|down|cold|bad|up again)|gone (?:wrong|missing|up|down"
        r"|cold)|gets? (?:lost|missed|forgotten|stuck|worse|damaged|delayed)|got (?:lost|missed|worse|stuck"
        r"|damaged|burned|burnt)|fall(?:s|ing)? (?:through|apart|over|behind)|fell (?:through|apart|over"
        r"|behind)|slip(?:s|ped|ping)? through|piles? up|piling up|stack(?:s|ing)? up|sits? (?:there|idle"
        r"|on)|sat (?:there|on)|wait(?:s|ed|ing)? (?:\w+ )?(?:weeks?|days?|hours?|months?|for|around"
        r"|\w+ (?:weeks|days|hours|months))|double (?:booked|entry|handling|work)|twice|three times"
        r"|again and again|over and over|every (?:single )?time|all over the place|out of (?:hand|control"
        r"|stock)|no (?:idea|clue|way of|visibility|record|overview|one (?:knows|has|owns|checks|answers))"
        r"|nobody(?:'s)? (?:knows|has|owns|checks|answers|reads|says|asks|can|does|noticed|told|asked|saw"
        r"|ever|wants|even|picks|listens|trusts|takes|looks|else)|(?:handed|hand|hands) in|quit|quits"
        r"|resigned|leaves?|leaving|walk(?:s|ed)? out|(?:they|he|she|people|staff|customers|clients|two"
        r"|half)(?:'ve|'s| have| has)? (?:left|gone))",
    ),
    clue(
        1.0,
        "it takes my sister two days",
        r"(?:takes|took|costs|cost) (?:me|us|him|her|them|(?:my|our|the) \w+)(?: \w+){0,3}"
        r" (?:hours?|days?|weeks?|mornings?|evenings?|nights?|weekends?|afternoons?)",
    ),
    clue(
        2.3,
        "it costs us, it takes hours",
        r"(?:costs?|costing) (?:us|me|a (?:fortune|lot)|\w+ (?:thousand|hundred|grand|million)|\d+)",
        r"(?:spend|spends|spent|spending|takes?|took|taking|eats?(?: up)?|waste"
        r"|wastes)(?: \w+){0,4} (?:hours?|days?|weeks?|months?|half|all (?:day|morning|night|week)|forever"
        r"|ages|evenings?|nights?|weekends?|the (?:whole|entire|best part))",
        r"(?:hours|days|weeks) (?:of|on|just|every|a week|chasing|looking|doing|sorting|fixing|typing)",
        r"scrolling|chasing|re ?(?:do|doing|typing|keying|entering|work|working)|copy(?:ing)? and past(?:e"
        r"|ing)|digging (?:through|around)|hunting (?:for|down)|juggling|firefighting|(?:putting"
        r"|put) out fires|playing catch up|keep(?:s)? (?:losing|having|getting|forgetting|breaking|asking"
        r"|going|on|missing|happening|coming|calling|ringing|changing|running|telling|saying|failing"
        r"|making)",
    ),
    clue(
        1.9,
        "can't, don't, couldn't",
        r"(?:i|we|you|they|he|she|it|nobody|people|\w+s) (?:\w+ly |just |still |really )?(?:can't|couldn't"
        r"|cannot|don't (?:really |even |actually |always )?(?:know|have|trust|see|get|talk|hear|understand"
        r"|show|turn|find|believe|speak|answer|read)|didn't (?:know|get|see|have|hear|show|notice)"
        r"|doesn't (?:know|work|talk|show|tell|match|fit|help|last|add|always)|never (?:know|have|get|see"
        r"|come|comes|arrive|arrives|knows|gets|find|works|hear|got|had|told|enough)|won't (?:work|last"
        r"|start|stop|use|talk|do|survive|be)|hasn't|haven't (?:got|had|been|seen))",
        r"(?:used to be|not any ?more|gets? worse|got worse|getting worse|too|barely|hardly|no time"
        r"|never enough|not enough|isn't enough|run out|running out|ran out|short of|lack|lacks|lacking"
        r"|without)",
    ),
    clue(
        2.2,
        "spoilt, stolen, hurt, shut",
        r"(?:ruin(?:s|ed)?|spoil(?:s|ed|t)?|rots?|rotten|sick|ill|die[sd]?|dying|dead|shut (?:down|us)"
        r"|closed down|sue[sd]?|suing|refunds?|sent back|send it back|steal(?:s|ing)?|stolen|theft"
        r"|damage[sd]?|crack(?:s|ed)?|burst|flood(?:s|ed|ing)?|froze|frozen|jam(?:s|med)?|queues?|queuing"
        r"|argu(?:e|es|ing)|fights?|fighting|shouting|shouts|angry|upset|stranded|cut off|let down|in tears"
        r"|begging|robbing|overtime|overdue|unpaid|vanish\w*|disappear\w*|missing|mislaid|misplaced|unhappy"
        r"|bored|lonely|alone|by myself|on my own|all by hand|guess(?:ing|work)|from memory|in (?:my|her"
        r"|his|their) head|on paper|sticky notes|bits of paper|scraps|the hard way|catch up|can't keep"
        r"|keep up|mercy|sweats?|rushed?|panic|scramble|bleed\w*|suffer\w*|punish\w*|avoid|scrap(?:ped)?"
        r"|rework\w*|bins?|skip|thrown)",
    ),
    clue(
        0.8, "not, never, nobody", r"\w+n't|not|no|never|nobody|no one|nothing|none|nowhere|without|neither"
    ),
    clue(
        0.7,
        "again, suddenly, still, only, even",
        r"again|suddenly|still|even|instead|anymore|any more|anyway|worse|worst|more and more|less and less"
        r"|every (?:time|day|week|month|night|morning|winter|summer|year|single)|all (?:day|night|week"
        r"|winter|summer)|end up|ends up|ended up|have to|had to|has to|forced|supposed to|meant to",
    ),
    clue(
        1.2,
        "if that stopped, I would",
        r"(?:if|so that|as long as|just so)(?: \w+){1,8} (?:i'd|we'd|would|wouldn't|could)",
        r"(?:all i|all we|what we'd|what i'd|the (?:only|main|first|big|biggest|one) thing)(?: \w+){0,4}",
        r"(?:i'd|we'd) (?:be|have|finally|get|sleep|know|like|love|want)",
    ),
    clue(
        1.5,
        "has to change by then",
        r"(?:before|by|until|till) (?:the )?(?:\w+ )?(?:christmas|easter|summer|autumn|fall|winter|spring"
        r"|season|deadline|audit|inspection|year end|end of|january|february|march|april|may|june|july"
        r"|august|september|october|november|december|next)",
        r"(?:my|our|the) (?:boss|director|board|chief|manager|cfo|ceo|owner|head office|auditor|auditors"
        r"|regulator|inspector|insurer|landlord|partner|wife|husband)(?: \w+){0,3}(?: is|'s|has|wants|keeps"
        r"|asks|asked|said|says)",
    ),
    clue(
        -1.8,
        "fine, thanks, yes",
        r"(?:no problem|not a problem|fine|works (?:well|fine|great)|happy with|going well|can't complain"
        r"|good as gold|we love|no complaints|no issues|don't worry|no worries|never mind|sorry)",
    ),
    clue(
        -2.0,
        "about the supplier or this call",
        r"(?:you|your|you're|you'd|you'll)\b(?! know)",
        r"(?:send|email|e mail) (?:me|it|that|us|over)|(?:thursday|friday|monday|tuesday"
        r"|wednesday) (?:works|is|at|suits)|(?:see|talk to|speak to) you|got to (?:go|run|dash)"
        r"|have to (?:go|run|dash|jump)|hang on|can hear|can see",
    ),
)
