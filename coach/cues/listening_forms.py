"""The forms of listening, as data: labels, paraphrases, credit given.

Owns patterns over plain words and their weights; a mirror needs the customer's own words and lives in `context`.
"""

from __future__ import annotations

from typing import Final

from coach.cues.weighing import any_of, clue

_FELT: Final = (
    r"(?:worried|worrying|frustrated|frustrating|annoyed|annoying|stressed|stressful|tired|exhausted"
    r"|exhausting|scared|scary|afraid|angry|upset|upsetting|sad|hurt|hurting|anxious|nervous|torn|stuck"
    r"|proud|happy|relieved|excited|overwhelmed|overwhelming|alone|lonely|ashamed|guilty|confused"
    r"|disappointed|disappointing|concerned|reluctant|hesitant|unsure|sceptical|skeptical|uncomfortable"
    r"|uneasy|fed up|let down|under pressure|difficult|hard|tough|painful|awful|awkward|caught|cautious"
    r"|keen|determined|confident|hopeful|bothered|trapped|struggling|rough|maddening|lonely|unsettling"
    r"|nerve wracking|a lot)"
)
LABEL: Final = (
    clue(
        3.6,
        "it sounds like, it seems, it looks like",
        r"^(?:and |so |well |okay )*(?:(?:it|that|this|which)(?: all| kind of| really"
        r"| almost)? (?:sounds?|seems?|looks?|feels?)|sounds|seems|looks"
        r"|feels) (?:to me )?(?:like|as if|as though|that)",
        r"(?:it|that|this) (?:kind of |sort of |really |also |certainly |definitely |almost )?(?:sounds"
        r"|seems|sounded|seemed)(?: to me)?(?: a (?:lot|little|bit))? (?:like|as if|as though|that|pretty"
        r"|really|very|quite|you|it|the|there|to)",
        r"(?:sounds|seems) (?:to me )?like",
        rf"(?:it|that) (?:sounds|seems|feels)(?: \w+)? {_FELT}",
        r"i(?:'m| am)? (?:get|getting|got|have) the (?:sense|feeling|impression|idea)",
        r"(?:i|my) sens(?:e|ing)(?: is| that| you)",
        r"i(?:'m| am) sensing",
    ),
    clue(
        3.6,
        "that must be, you must have felt",
        r"(?:that|it|this|which|you|they|those) (?:must|has to|had to|can't|couldn't|'s got to"
        r"|have to)(?: \w+)? (?:be|have|feel|hurt|make|sting|weigh|put)(?= (?:been|a|an|so|very|really|hard"
        r"|tough|easy|quite|you|difficult|frustrating|stressful|\w+ing|\w+ed)\b)",
        r"(?:that|it|this|you) must (?:be|have|feel|'ve|hurt|really|weigh|sting|get)",
        rf"that(?:'s| is|'d be| would be)(?: \w+)? {_FELT}(?: \w+){{0,2}}$",
        r"no wonder",
        r"i can (?:hear|see|tell|imagine) (?:how|that|why|it|you|this|the)",
        r"i(?:'d)? imagine (?:that|it|you|this)",
    ),
    clue(
        2.8,
        "you seem, you sound, you're worried",
        rf"you(?:'re| are| were| seem| sound| look| feel| felt|'ve been)(?: \w+){{0,3}} {_FELT}",
        r"you (?:seem|sound|look|sounded|seemed)",
        r"you(?:'re| are) feeling",
        r"there(?:'s| is) (?:a part of you|something about|a lot of|some|a sense)",
    ),
    clue(
        -6.0,
        "sounds good, looks like it is time",
        r"sounds? (?:like a plan|good|great|perfect|lovely|fine|fair|amazing|reasonable|wonderful)",
        r"(?:looks|seems|sounds) like (?:we|i|our|my|they'll be|it's time|we're|everyone)",
        r"(?:it|that) (?:seems|looks) (?:to work|to me (?:we|our))",
        r"does (?:that|it|this)",
        r"how does",
    ),
    clue(
        -3.0,
        "advice: it seems like if you want it you have to",
        r"if you (?:really |actually )?want(?: \w+){1,8} you(?:'ve got to| have to| need to|'ll have to| should| must)",
        r"(?:we|i)(?:'d| would) (?:recommend|advise|suggest)",
        r"you(?:'re| are)? (?:really |just |also )?(?:need|ought|supposed) to",
    ),
)
PARAPHRASE: Final = (
    clue(
        4.2,
        "so what you're saying is, if I heard you right",
        r"what (?:you're|you are|i'm|i am) (?:\w+ly )?(?:saying|hearing|telling me|getting|describing)",
        r"if i(?:'m|'ve)? (?:\w+ly )?(?:heard|hear|understand|understood|understanding|get|got|hearing|have"
        r"|following|follow)(?: \w+){0,2} (?:right|correctly|properly|this|that|it|you|right)?",
        r"(?:let me|i want to|just to|to|let's) (?:\w+ )?(?:see if|make sure|check|recap|summari[sz]e"
        r"|play (?:that|it) back|sum (?:it |that )?up|repeat|reflect|say that back|read that back|be clear)",
        r"in other words",
        r"(?<!from )what i(?:'m| am|'ve been| have been| keep)? hear(?:ing)?",
        r"i(?:'m| am) hearing",
        r"you(?:'ve| have|'d)? (?:also |just |even |already )?(?:mentioned|told me|said|shared"
        r"|described|talked about)(?: with me)?"
        r"(?: \w+)? (?:that|how|about|you|you'd|you've|you're|your|it|the|a|wanting|being|having)",
        r"(?:so )?(?:you're|you are|you were) (?:saying|telling me|describing)",
        r"(?:if i remember (?:right|rightly|correctly)|last time(?:, | )?(?:you|we)(?: \w+)? (?:said|told"
        r"|mentioned|talked)|earlier you (?:said|mentioned|told)|you (?:said|mentioned|told me|talked about"
        r"|described)(?: \w+)? (?:earlier|before|last|that|how|you|the|two|it|your|a|three))",
        r"as you (?:said|put it|say|mentioned)",
        r"you put it",
        r"so to (?:recap|sum)",
        r"(?:the way|as) i understand",
        r"so in (?:short|a nutshell|essence)",
    ),
    clue(
        3.0,
        "so you're, so it isn't really X, it's Y",
        r"^(?:okay |ok |right |and |yeah |alright |all right |well |mm |yes |i see |got it |oh "
        r"|hmm )*so (?:basically |really |essentially |at the moment |right now |currently |for you |then "
        r"|kind of |sort of |it's like |it sounds |on (?:the )?one hand |you know |even though |part of "
        r"|now )*(?:you|your|you're|you've|you'd|yours)(?! (?:can|could|get|'ll|will|just|know|see|simply"
        r"|click))",
        r"^(?:okay |right |and |yeah )*so (?:it's|it isn't|it's not|it is|it was|that's|there's|the|they"
        r"|they're|he|she|his|her|their|nobody|everybody|everyone|not|about|two|three"
        r"|on one hand)(?: [\w']+){2,}",
        r"(?:it's|it was|this is) (?:really |all |more )?about(?: \w+){1,5} not (?:about )?(?:the|a|your)"
        r"|(?:isn't|is not|not|wasn't|never)(?: really| so much| just| only| actually"
        r"| even)? (?:about )?(?:the|a|that|your|being)?(?: \w+){1,5} (?:it's|it is|it was|but|that's)",
        r"(?:on the one hand|on one hand|on the other hand|part of you)",
    ),
    clue(
        2.4,
        "you want, you don't feel, you've been",
        r"^(?:and |but |yeah |okay |well |mm |right )*you(?:'re| are)? (?:not |really |just |also |kind of "
        r"|sort of |don't |didn't |haven't |do |do not |still |definitely |certainly )*(?:want|feel|felt"
        r"|think|believe|know|care|love|need|wish|hope|worry|wonder|struggle|find|realised|realized"
        r"|recogni[sz]e|noticed|tried|value|feeling|thinking|trying|hoping|wanting|wondering|looking"
        r"|struggling|worrying|enjoy|like|hate|see|decided|managed|made|went|came|had|thought|wanted|told"
        r"|understand)",
        r"^(?:and |but |yeah |okay |well )*(?:you've|you'd) (?:\w+ly |not |already |never |also )*(?:been"
        r"|had|got|tried|noticed|thought|made|seen|done|like|rather|lost|taken|come|found|kept)",
        r"^(?:and |but |yeah )*(?:your|for you|it's important to you|that's important)",
    ),
    clue(
        -5.0,
        "what we are saying; the product",
        r"(?:what i'm saying|what we're saying|what i mean|our|we offer|we do|let me show)",
        r"^(?:so )?you (?:can|could|get|will|'ll|just|know what|see|simply)\b",
        r"you(?:'ll| will| would| could|'d| can| should| might want| need to| have to| ought)(?: also| just"
        r"| probably| even)? (?:get|have|be|see|save|find|like|love|want|need|try|go|come|give|take|use"
        r"|start|do|make|cut)",
    ),
    clue(
        -3.0,
        "what I will do, what can be done",
        r"there(?:'s| are| is)(?: \w+){0,3} (?:things?|ways?|options?|steps?|products?|exercises|tips|something)"
        r"(?: \w+){0,2} (?:you|to|we|that (?:can|help|you|we))",
        r"something (?:that )?(?:you|we|they) (?:really |just |do |all |definitely "
        r"|always )*(?:need|have|should|ought|like to see"
        r"|don't like|want to)",
        r"^(?:so )?(?:i|we)(?:'ll|'m|'ve| will| am| have| can| would|'d|'re)\b(?! hear)",
        r"^so (?:let's|let me|that's (?:it|all|the)|it's (?:\w+day|\w+ (?:dollars|euros|pounds)))",
    ),
)
# A plain statement that answers them with nothing of ours in it: of them, or of what they told.
OF_THEM: Final = (
    clue(
        2.1,
        "you, and nothing of us",
        r"^(?!.*\b(?:i|i'm|i'll|i've|i'd|we|we're|we'll|we've|we'd|our|ours|us|my|me|let's|please|hi|hello|bye)\b)"
        r".*\b(?:you|your|yours|you're|you've|you were)",
    ),
    clue(
        1.0,
        "they, it, that, and nothing of us",
        r"^(?!.*\b(?:i|i'm|i'll|i've|i'd|we|we're|we'll|we've|we'd|our|ours|us|my|me|let's|please|hi|hello|bye)\b)"
        r"(?:[\w']+ ){2,}",
    ),
)
NEVER: Final = any_of(
    r"you(?:'ll| will| would| could|'d| can| should| might| may| need| have to| ought| get)|take|thanks?"
    r"|thank you|sorry|welcome"
    r"|no (?:problem|worries)|see you|good (?:luck|morning)|well done|great|excellent|fair"
)
_ORDERS: Final = r"(?:need to|should|shouldn't|ought to|had better)"
_OPENS: Final = r"(?:(?:and|but|so|no|again|now|look|well|listen|then|also|plus|just|please) )*"
# What asks or says back in good faith must not be caught: "What are you thinking?", "How could you make that easier?",
# "So if you want a part you have to ring them.", "So that's not good enough.", "I'll call your office."
SCOLDS: Final = any_of(
    # blamed
    r"(?:sounds|looks|seems) (?:to me )?like (?:(?:a lot of|just|another|an?|more) )*(?:excuses?|nonsense"
    r"|laziness)",
    rf"^{_OPENS}(?:that's|that is|this is|there's|it's) (?:just |really |simply )?(?:no excuse|irresponsible"
    r"|your own fault|your fault)",
    r"(?<!that )(?:you're|you are) (?:just |simply |really |very |rather |so |being )?(?:lazy|irresponsible"
    r"|careless|selfish|ridiculous|foolish|stupid|childish|making excuses)",
    r"(?:you are|you're) (?:all|just a lot of|a lot of|just) talk",
    r"you (?:of all people )?(?:should|ought to) (?:know|have known) better|you know better than that",
    # held against them
    r"^(?:oh )?come on$|^(?:oh )?come on (?!over|in|board|up|down|to|line|\w+day\b)\w+",
    r"(?:do|must) (?:i|we) (?:really |honestly |seriously )(?:need|have) to (?:tell|explain|remind|review|repeat|spell"
    r"|go|say)",
    r"what (?:on earth |the hell |in the world )?were you thinking(?! (?:of|about|when|then|at|back|before))",
    r"how dare you|how (?:could|can) you (?:not|be so|even|let|say (?:that|such))",
    r"don't you (?:realise|realize|care (?:about|what|that|if)|know (?:what happens|how dangerous|what that does"
    r"|any better))",
    # forbidden, threatened
    r"i (?:don't|won't|can't|cannot|will not|am not going to) (?:tolerate|allow|permit|put up with)",
    r"i(?:'m going to| am going to|'m gonna|'ll have to| will have to) (?:tell|report|inform) your",
    rf"^{_OPENS}(?:stop|quit) (?:being|making excuses|kidding|wasting|complaining|moaning|blaming)",
    # told what they must
    r"i(?: need|'ve got| have| have got| must) to tell you (?:that )?you (?:need|have to|must|should|can't|ought)"
    r"|i need you to",
    r"(?:i|my) (?:\w+ ){0,2}?(?:think|feel|believe|say|recommend|advise|advice is|opinion is|guess is)"
    r"(?: \w+){0,7} (?:you|needs) (?:just |really |probably |do |definitely )*(?:need to|have to|must|should|ought to"
    r"|to be done)",
    r"if you(?: really| seriously| truly| do|'re serious| are serious)(?: \w+){1,8} you(?:'ve|'ll)?"
    r" (?:just |really |simply |will )*(?:need to|have to|must|should|ought to|had better|got to|gotta)",
)
"""Blames, forbids or tells them what they must: what the manual of the treatment's integrity calls to confront and to
persuade (MITI 4.2.1, Moyers, Manuel and Ernst 2014), the opposite of giving back."""
DIRECTS: Final = any_of(
    # "So you need to be in at five." and "You have to ring them every time." give back.
    r"^(?:(?:and|but|again|now|look|well|listen|then|also|plus) )*you (?:just |really |absolutely |definitely"
    rf" |simply |do )*{_ORDERS} (?!(?:be|feel|have)\b)\w+",
    rf"^{_OPENS}you (?:can't|cannot|mustn't) (?:just )?(?:drink|smoke|drive|go on|carry on|do that|do this|expect"
    r"|ignore|skip)",
    rf"^{_OPENS}(?:stop|quit|avoid) (?:\w+ing|the|that|all|your)",
)
"""Tells them what to do, in a sentence of its own. Said alone it may give back ("You need to stay well."); behind or
before what gives back, in one breath, it is what that was said for."""
ACKNOWLEDGE: Final = (
    clue(
        4.5,
        "thank you for telling me",
        r"(?:thank you|thanks)(?: so much| very much| a lot| again)? for (?:telling|sharing|being"
        r"|your (?:honesty|openness|candou?r|patience|time|understanding|trust)|that|saying|explaining"
        r"|walking|the|letting|asking|bringing|raising|opening|taking|pointing|clarifying|giving|talking"
        r"|coming)",
        r"(?:i|we)(?:'d)?(?: really| do| certainly| totally| genuinely| truly| so)? appreciate",
        r"(?:i'm|i am|we're) (?:\w+ )?(?:grateful|glad you|thankful|happy you (?:told|said|asked|brought))",
        r"(?:glad|good of you|kind of you|brave of you|big of you) (?:you|to)",
    ),
    clue(
        4.2,
        "that makes sense, fair enough, you're right",
        r"(?:that|it|this|which|what you say)?(?: all| totally| really| makes| does| perfectly"
        r"| completely)* ?make(?:s)? (?:a lot of |total |perfect |complete |good |so much "
        r"|absolute )?sense(?! (?:to|for|if|that|of|when)\b)",
        r"^(?:that's |that is |okay |yeah |well |yes )*(?:fair|very fair|totally fair) (?:enough|point"
        r"|comment|question|challenge|concern)",
        r"^(?:that's|that is) (?:\w+ )?fair$",
        r"^(?:yeah |yes |no |okay |well )*(?:you're|you are) (?:\w+ly )?(?:right|spot on|not wrong)",
        r"(?:that's|that is|it's|what) (?:a |an |such a )?(?:\w+ly )?(?:good|great|fair|valid|excellent"
        r"|important|reasonable|legitimate|smart|interesting|brilliant|helpful|useful|clear|real|big|honest"
        r"|insightful|sensible|very good|really good|very fair|tough|impressive)(?: to hear"
        r"| to know)? (?:point|question|concern|way|insight|worry|reason|distinction|example|thought|answer"
        r"|challenge|start|observation|picture|thing to)",
        r"(?:good|great|fair|excellent|valid|interesting) (?:point|question|observation|thinking"
        r"|call)(?! (?:is|of)\b)",
    ),
    clue(
        3.4,
        "I understand, I hear you, I can see why",
        r"i(?: can| do| totally| completely| fully| really| certainly| absolutely)*(?: totally| completely"
        r"| fully| really)? (?:understand|hear (?:you|that|what)|get (?:that|it|why|where)|see (?:why|where"
        r"|that|your|what you|how)|sympathi[sz]e|respect (?:that|your|you))(?! (?:a lot|from)\b)",
        r"(?:that's|that is|it's) (?:\w+ )?(?:understandable|helpful|useful|really useful|very helpful"
        r"|good to (?:know|hear)|great to hear|impressive|wonderful|fantastic|awesome|amazing|remarkable"
        r"|brave|a huge|quite an achievement|no small)",
        r"^(?:good|great|nice|lovely|helpful|useful) to (?:know|hear)",
        r"(?:sorry|so sorry) (?:to hear|that happened|you had|about that)",
        r"(?:don't|can't|wouldn't) blame you",
        r"(?:i'd|i would) (?:feel|be|think|say|want|do) (?:the same|exactly the same)",
        r"well done|good for you|congratulations|kudos|hats off|good job|nice job|great job|nice work"
        r"|great work",
        r"understandable|understandably|understood",
        r"i can imagine$",
        r"point taken|noted",
    ),
    clue(
        -3.0,
        "thanks for joining, I understand that you use",
        r"(?:thanks|thank you)(?: so much| very much)? for (?:joining|your time|having|meeting|the (?:call"
        r"|time|coffee|invite)|taking (?:the time|my call)|coming|making (?:the )?time|jumping|hopping"
        r"|picking)",
        r"i understand (?:that )?(?:you (?:are|have|use|work|run|were|do)|you're|from|your (?:company|team)"
        r"|correctly)",
        r"(?:would|does|did|do|will|might|if)(?: \w+){0,3} (?:make sense|be helpful|appreciate)",
        r"if i understand",
        r"(?:i'd|i would|would) (?:\w+ )?appreciate (?:it )?if",
        r"good question is",
    ),
)
