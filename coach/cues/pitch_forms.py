"""The forms of a pitch in English, as data.

Owns patterns over plain words and their weights, for any industry and register: no product's noun stands
here. What the weights add up to, and what was asked for, is in `pitches`.
"""

from __future__ import annotations

from typing import Final

from coach.cues.weighing import any_of, clue

_GIVES: Final = (
    r"(?:offer|offers|provide|provides|deliver|delivers|guarantee|guarantees|specialise|specialize"
    r"|specialises|fix|fixes|solve|solves|handle|handles|automate|automates|integrate|integrates"
    r"|include|includes|cover|covers|support|supports|replace|replaces|"
    r"reduce|reduces|cut|cuts|save|saves|boost|boosts|improve|improves|eliminate|eliminates|prevent"
    r"|prevents|protect|protects|track|tracks|monitor|monitors|detect|detects|alert|alerts|flag|flags"
    r"|sync|syncs|connect|connects|combine|combines|"
    r"run|runs|build|builds|make|makes|give|gives|help|helps|let|lets|allow|allows|enable|enables|ship"
    r"|ships|install|installs|train|trains|host|hosts|manage|manages|take care|takes care|look after"
    r"|looks after|bring|brings|put|puts|send|sends|keep|keeps|serve|serves|work with|works with|beat"
    r"|beats|stand|match|sell|sells|do|does|have|has|hold|use|come|comes|fit|fits|set up|only|also"
    r"|already|even|always|never|actually|automatically|typically|can|would|could|'ll|will)"
)
PITCH: Final = (
    # Ourselves, in the present: "we handle", "we've got", "we're the only ones".
    clue(2.3, "we do, we handle, we never", rf"\bwe (?:\w+ly )?{_GIVES}"),
    clue(
        1.9,
        "we've got, we're, we'd, we'll",
        r"we've (?:got|built|designed|been|helped|won|just|put|made|developed|spent|seen|never|even|already"
        r"|done|worked|had|cut|saved|added|launched)",
        r"we're (?:the|a|an|not just|one|trusted|proud|fully|number|able|cheaper|faster|adding|launching"
        r"|rated|certified|known|different|also|based|here|unique|really|very|on|about|usually|always"
        r"|never)",
        r"we'd (?:\w+ly )?(?:give|put|include|do|set|cover|handle|take|install|throw|match|run|train|build"
        r"|send|come)",
        r"we'll (?:\w+ly )?(?:give|put|include|do|set|cover|handle|take|install|throw|match|run|train|build"
        r"|beat|even|also|have|get|make|look)",
        r"we (?:built|designed|invented|developed|founded|won|pioneered|launched|created)",
    ),
    clue(
        2.1,
        "our platform, our people, ours is",
        r"our (?!last|meeting|call|conversation|chat|time|side|end|next|first call|agenda|session"
        r"|discussion|talk)[\w']+",
        r"ours",
    ),
    clue(
        1.6,
        "the only one, nobody else, the best",
        r"(?:the only|the best|the fastest|the first|the leading|the largest|the biggest|the most"
        r"|the cheapest|the easiest|the simplest|the strongest|number one|the number one"
        r"|the safest)(?: \w+)?",
        r"(?:nobody|no one|none|nothing) else",
        r"world class|state of the art|cutting edge|best in class|industry leading|market leader"
        r"|award winning|award|patented|patent|certified|accredited|unique|revolutionary|next generation"
        r"|game changer|second to none|one of a kind|proven|top rated|unbeatable|unrivall?ed|bespoke"
        r"|gold standard",
    ),
    clue(
        2.8,
        "let me show you, I can show you, look at this",
        r"(?:let me|i'll|i will|i can|i could|i'd love to|i'd like to|let's|i want to|i wanted to|we can"
        r"|i'm going to|i'm gonna|happy to)(?: \w+)? (?:show|demo|demonstrate|walk you through"
        r"|take you through|give you a (?:quick )?(?:demo|tour|overview|look|rundown|idea of (?:what"
        r"|how) (?:we|it))|tell you (?:a (?:bit|little)|about|what we|how we|why we|more)"
        r"|share (?:my screen|a|how we|with you)|pull up|introduce)",
        r"as you can see",
        r"you can see (?:here|how|that|it|the|on)",
        r"on (?:the|your) (?:left|right|screen|next slide|next page)",
        r"this (?:is|here is) (?:where|what|our|the)",
        r"here(?:'s| is| you) (?:how (?:it|we|that)|what (?:it|we|you get|that looks)|the|you|can)",
        r"allow me to",
        r"what this does",
        r"imagine (?:if|having|never|being|you|a|coming|opening|your|not)",
        r"(?:that's|this is|it's) (?:exactly )?(?:what|where|why|how) (?:we|our|us)\b",
        r"that's where .{0,40}comes? in",
    ),
    clue(
        2.4,
        "with us you'd, working with us",
        r"(?:with|from|by|to|of|like|between|using|choose|chose|join|joining|trust|recommend|love|loves"
        r"|picked|switched to|moved to|came to|come to|went with|go with) us",
    ),
    # What the other would have.
    clue(
        2.0,
        "you get, you'd get, you can just, you never have to",
        r"you(?:'d|'ll| will| would)? (?:also |just |simply |even |always |automatically )*(?:get|receive"
        r"|save|see|have access|gain|own|benefit|earn|cut|pay|only pay|be able|never|no longer"
        r"|don't have to|won't have to|wouldn't have to|won't need|don't need to|can|just|simply|plug|click"
        r"|press|drag|tap|upload|scan|log in|open|choose|pick|start|put)",
        r"(?:all )?you (?:have to|need to) do is",
        r"(?:lets|gives|saves|tells|shows|sends|alerts|warns|helps|texts|emails|frees|allows|means|guides"
        r"|reminds|protects|covers|costs|earns|offers|brings|keeps|makes) (?:you|your|them|the|a|everyone"
        r"|everybody|people|it)\b",
    ),
    clue(
        1.4,
        "it does it by itself",
        r"(?:automatically|by itself|all by itself|on its own|in real time|instantly|seamless|seamlessly"
        r"|at the (?:click|push|touch|press)|with (?:one|a single) click|one click|out of the box"
        r"|from day one|day one|straight away|straight out|hassle free|no hassle|effortless|effortlessly"
        r"|24 7|around the clock|round the clock|within (?:minutes|seconds|the hour|hours)|same day"
        r"|next day|overnight|for life|lifetime|live in|live by|up and running|turnkey|end to end"
        r"|all in one|one place|single (?:dashboard|view|place|platform|pane|point)"
        r"|at no (?:extra )?(?:cost|charge)|free of charge|for free|money back|warranty|no (?:strings|setup"
        r"|set up|contract|hidden|obligation|risk|fuss|training|typing|downtime|minimum)|everything in"
        r"|included|unlimited|built in|comes with|on the shelf|in stock|bread and butter)",
    ),
    clue(
        2.0,
        "it's forty a month, thirty percent off",
        r"(?:\d+|\w+ty|\w+teen|hundred|thousand|grand|two|three|five|eight|nine|ten|twelve"
        r"|eleven) (?:dollars|euros|pounds|quid|bucks|grand|cents|pence|pounds?)? ?(?:a|per|each"
        r"|every) (?:month|year|user|seat|agent|head|person|unit|licence|license|week|day|hour|site|square"
        r"|employee|word|page|piece|mile|vehicle|location|box|tonne|ton|litre|kilo|metre|meter|visit|annum)",
        r"(?:percent|third|quarter|half) (?:off|cheaper|less|discount|more|faster|lower|fewer|below|better)",
        r"(?:discount|knock|throw in|throw that in|special (?:offer|price|rate)|deal for you|rebate"
        r"|good price|list price|pricing (?:starts|is|begins)|starts at|starting at|costs? (?:just|only"
        r"|less|about|around|you)|price (?:is|starts|includes)|pays for itself|return on investment|roi"
        r"|payback|value for money|worth every|cheaper|free trial|trial period|pilot is free|cost effective"
        r"|affordable|competitive)",
    ),
    clue(
        1.7,
        "customers love it, hundreds of companies use it",
        r"(?:customers|clients|users|companies|firms|people|teams|businesses|schools|hospitals|shops"
        r"|practices|everyone|everybody)(?: [\w']+){0,4} (?:love|loves|like you|like yours|(?:use|uses"
        r"|chose|choose|pick|prefer) (?:us|it|this|our)|trust|rave|swear|tell us|report|see (?:a|an|results"
        r"|savings|improvements)|save|come back|stay|are using|are saving|switch)",
        r"(?:companies|businesses|firms|organi[sz]ations|people|names|brands|teams|clients"
        r"|customers) (?:like|such as|including|as big as)",
        r"(?:hundreds|thousands|dozens|millions|over \w+|more than \w+) (?:of )?(?:customers|clients"
        r"|companies|users|people|businesses|teams|firms|shops|homes|families|sites)",
        r"our (?:customers|clients|users|results|numbers|team|people|reviews)",
        r"five star|case stud(?:y|ies)|testimonials?|track record|references?|years of experience"
        r"|years in (?:the )?business|in business (?:for|since)",
    ),
    clue(
        1.5,
        "the nice thing is, what I love about it",
        r"(?:the|and the) (?:nice|best|great|good|clever|beauty|beautiful|cool|neat|really (?:nice|clever"
        r"|great|cool|good)|magic|important|other|key) (?:thing|part|bit|news|point)?(?: (?:about|of"
        r"|with) (?:it|this|that|the \w+|our \w+|us))? is",
        r"what (?:i (?:love|like|'m)|people|everyone|customers|clients|you'll|makes us|sets us|makes it"
        r"|makes this|we do"
        r"|this means|that means|you get)(?: \w+){0,5} (?:is|different|apart|special|unique|love|for you)",
        r"sets us apart|makes us different|the difference (?:is|with us)|the beauty of"
        r"|i'm (?:most )?(?:excited|proud)|(?:you'll|you will|you'd|you're going to) (?:love|like"
        r"|be (?:amazed|surprised|delighted|glad|happy|impressed|able))",
    ),
    clue(
        0.7,
        "present tense of a thing, told as a fact",
        r"(?:it|this|he|she|everyone|everybody|each [\w']+|every [\w']+|they|those|these) (?:\w+ly )?(?!was"
        r"|has been|said|were|used)(?:\w+s|are|just|all|get|see|tap|look|don't|doesn't|never)",
    ),
    clue(
        1.3,
        "there's a version, there's also",
        r"there(?:'s| is| are)(?: also| even| a| an)? (?:a |an |the |no )?(?:\w+ )?(?:version|option"
        r"|feature|module|app|plan|package|button|dashboard|tool|portal|bundle|guarantee|warranty|tier"
        r"|integration|report|line|team|service|helpline|hotline|support|side|window|sensor|page|view|setup"
        r"|setting|screen|function|programme|program|course)",
        r"(?:it|this|that|the \w+|each \w+|every \w+|everything|which) (?:just |also |even |only |then "
        r"|always |automatically |actually )*(?:works|runs|plugs|fits|learns|reads|writes|sends|shows|finds"
        r"|checks|updates|refreshes|syncs|tracks|handles|takes care|takes|gives|lets|helps|saves|pays|lasts"
        r"|comes|goes|picks|sorts|spots|catches|stops|cuts|reduces|covers|includes|integrates|connects"
        r"|turns|does|tells|alerts|keeps|makes|adjusts|adapts|scales|guides|drops|tags|matches|covers"
        r"|needs no|never|can't|can|calculates|predicts|recommends|records|stores|reminds|opens|starts"
        r"|protects|measures|monitors)",
    ),
    clue(
        -3.0,
        "the past of our talk, thanks, honest limits",
        r"(?:i should say|to be (?:honest|fair|clear|frank|upfront|straight)|i'll be (?:honest|straight"
        r"|frank)|honestly)(?: \w+){0,8} (?:not|doesn't|don't|can't|isn't|won't|only|limitation|weak|behind"
        r"|lacks?)",
        r"(?:we|it|i) (?:don't|doesn't|can't|cannot|couldn't|haven't|aren't|isn't|won't)(?: \w+){0,2} (?:do"
        r"|offer|have|cover|support|yet|handle|perfect|cheap|cheapest|fit|promise|suit|for everyone"
        r"|everything|know)(?!.*(?:only|else|unless))",
        r"not (?:perfect|for everyone|our strong|the cheapest|something we|the right|a fit|a good fit)",
        r"(?:may|might) not be (?:right|the right|a fit|for you)",
        r"(?:only an|an) estimate",
        r"limitation|drawback|downside|weak(?:ness| spot| point)",
    ),
    clue(
        -2.2,
        "about you, about then",
        r"(?:you|they|he|she) (?:said|mentioned|told|were|was|described|wrote|asked|had|wanted)",
        r"last time (?:we|you|i)",
        r"as you (?:said|say|mentioned)",
        r"(?:i'm|i am|i was) (?:sorry|calling|ringing|just calling|phoning|an? \w+|with|from|going to stop"
        r"|just|only|glad|afraid|here to|not here)",
        r"my name(?:'s| is)|this is \w+ (?:from|at|with|calling)|it's \w+ (?:from|at|with|calling|here)",
        r"^(?:thank|thanks|i appreciate|i understand|i hear|i see|good to|nice to|great to|lovely to"
        r"|pleased|no problem|no worries|sorry|take care|bye|have a|speak (?:soon|then)|talk (?:soon|then)"
        r"|see you|cheers)",
        r"^(?:i|we) (?:jumped|talked|went|got|came|rushed|was|were|said|asked)",
        r"we (?:spoke|met|talked|last|discussed|agreed|said|left)",
        r"what (?:i'm|you're|i) (?:hearing|hear|saying)",
        r"if i (?:heard|understand|understood|remember|hear|got)",
    ),
    clue(
        -1.0,
        "told in the past",
        r"(?:was|were|had|did|they'd|he'd|she'd)",
    ),
    clue(
        -1.0,
        "what goes wrong in their world, what it costs",
        r"(?:dearer|more expensive|costs? you|your (?:\w+ )?(?:bill|costs?|problem|phone|shift))",
    ),
    clue(
        -1.2,
        "I think, I guess, maybe",
        r"^i (?:think|guess|suppose|reckon|wonder|know|mean|believe|imagine|hope|bet|saw|read|noticed)",
        r"(?:^|and |or )(?:maybe|perhaps|i'm not sure)",
        r"maybe (?:we|you|i)|what i (?:think|reckon|suspect)|my (?:guess|hunch|bet)",
        r"^if you(?:'d| would)? (?:like|want|prefer|don't|ever)",
    ),
    clue(
        -1.2,
        "a plan, not a product",
        r"(?:let's|shall we|we could|we can) (?:meet|talk|speak|catch up|set up a (?:call|meeting|time)"
        r"|schedule|find a time|start|begin|get back|leave|stop|pause|do that|do this"
        r"|look at the (?:calendar|diary))",
        r"we (?:have|'ve got) (?:\w+ ){0,3}(?:minutes|half an hour|time)",
        r"(?:agenda|today's call|on this call|for today|the plan for)",
    ),
)
ASIDE: Final = any_of(
    r"^(?:so |okay |ok |right |anyway |and |um )*(?:i'll stop there|there we go|here we go"
    r"|let me (?:just )?(?:get|see|check|find|think|write)|picture this|bear with me|one (?:second"
    r"|moment|sec)|where was i|that's it|that's all|i'm going on|hang on|hold on|sorry|never mind"
    r"|nothing personal|i'll (?:put|note|write|jot) (?:that |it )?down|just (?:a )?(?:second|moment))",
    r"^[\w']+(?: [\w']+)?$",
    r"^(?:yes|yeah|yep|no|sure|okay|right|absolutely|of course|definitely|exactly|with"
    r"|my)(?: [\w']+){0,3}$",
    r"(?:with|my) pleasure",
    r"that's (?:the|all|it|everything)(?: [\w']+)? (?:filled|done|sorted|in|down)",
)
# How another customer's story ends well.
OUTCOME: Final = any_of(
    r"down (?:to|by)|up (?:to|by)|cut|cuts|halved|doubled|tripled|saved|saves|half|twice as|(?:a"
    r"|one) (?:third|quarter|tenth|fifth)"
    r"|percent|paid for itself|back in (?:control|business)",
    r"(?:never|hasn't|haven't|nobody's|no one's|not one|not a single)(?: \w+){0,4} (?:since|again)",
    r"(?:for|in) (?:\w+ )?years|since then|ever since|the same (?:week|day|month)|sent us"
    r"|told (?:all )?(?:their|everyone)|thanked"
    r"|(?:now|today) (?:they|he|she)|ordered|renewed|signed|bought (?:two|three|another)|fixed|solved|gone|sorted"
    r"|(?:home|done|finished|live|running) (?:by|in|within)",
)
