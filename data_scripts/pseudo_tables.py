"""Word lists and patterns for `pseudo_questions.py`, written by hand without looking at the course's passages or questions.

Each row of SYNONYMS holds words that can replace each other in a question, among them other forms of a verb.
"""

import re

MONTHS = "January February March April May June July August September October November December".split()

NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half".split()
)

MEASURES = {  # {beginning of a question: the units of its answer}
    "how tall": "metres feet metre",
    "how high": "metres feet",
    "how long": "years days weeks months hours minutes seconds kilometres miles metres centuries decades centimetres year",
    "how far": "kilometres miles metres light-years",
    "how much": "dollars pounds percent per cent tonnes kilograms grams litres francs million billion tons",
    "how many": "times people points goals runs games matches",
    "how big": "kilometres metres hectares acres",
    "how fast": "seconds minutes hours knots",
    "how deep": "metres feet kilometres",
}

STOP = set(
    "the a an of in on at to and or but for from by with as was were is are be been had has have he she it they his her its their "
    "that which who whom whose this these those into than then when while where after before during not no so only also one more "
    "most about over under up out off him them there here what how did does do if such both each all any some other another own "
    "would could can may might must will because since until still yet even though although almost nearly around between among "
    "against through within without upon them himself herself itself themselves very too just once first later soon again".split()
)

PRONOUNS = set("he she it they him her his its their them".split())

ROLES = set(
    "king queen emperor empress prince princess captain president poet pope bishop archbishop duke count lord lady sir saint st "
    "god goddess judge general admiral colonel major lieutenant sergeant marshal minister premier chancellor senator governor "
    "mayor doctor dr professor mr mrs miss father mother brother sister son daughter wife husband friend rival nephew cousin "
    "widow chef coach champion boxer sailor monk nun priest prophet sultan tsar pharaoh shah caliph knight earl baron chief "
    "student nurse spy thief hero host star critic clerk pilot crew-mate astronaut cosmonaut architect athlete artist guide "
    "colleague partner uncle aunt master pupil slave shepherd giant wizard witch detective secretary justice president "
    "chairman spokesman statesman businessman nobleman fisherman salesman cameraman inventor".split()
)
ROLE_ENDINGS = ("er", "or", "ist", "ian", "ess", "man", "woman", "ant", "eer", "smith", "graph")
NOT_ROLES = set("river tower number letter order paper water theater center summer winter december october september november "
                "november after under over never border harbour harbor quarter chapter poster whether other another former later "
                "latter motor error colour color honour mirror corner power member matter silver copper character".split())  # fmt: skip

FIRST_NAMES = set(
    "Adam Alan Albert Alberto Alexander Alexandre Alfred Alice Amelia Andrew Angela Anna Anne Anthony Antoine Antonio Arthur "
    "August Barbara Barry Beatrice Benjamin Bernard Betty Bill Billy Bob Bobby Brian Bruce Carl Carlo Carlos Caroline Catherine "
    "Charles Charlie Charlotte Chris Christian Christopher Chuck Clara Claude Clint Colin Daniel David Diana Dick Don Donald "
    "Dorothy Douglas Ed Eddie Edgar Edmund Eduard Edward Edwin Eleanor Elizabeth Ella Ellen Emil Emily Emma Eric Ernest Erwin "
    "Eugene Eva Eve Fernando Frances Francesco Francis Frank Franz Fred Frederick Friedrich Fritz Gary Gene Geoffrey Georg George "
    "Georges Gerald Gertrude Giovanni Giuseppe Gordon Grace Graham Greg Gustav Guy Hans Harold Harriet Harry Heinrich Helen "
    "Henri Henry Herbert Herman Hermann Howard Hubert Hugh Hugo Ian Ida Igor Irene Irving Isaac Isabel Isabella Ivan Jack "
    "Jackie Jacob Jacques James Jan Jane Janet Jean Jeff Jennifer Jerry Jessie Jim Jimmy Joan Joe Johann Johannes John Johnny "
    "Jon Jonathan José Josef Joseph Josephine Joshua Juan Judith Jules Julia Julie Julius Karl Kate Katherine Keith Ken Kenneth "
    "Kevin Kim Kurt Larry Laura Laurence Lawrence Lee Leo Leon Leonard Leopold Lewis Lisa Louis Louise Lucy Ludwig Luigi Luis "
    "Lyndon Marcel Marco Margaret Maria Marie Marilyn Mario Mark Martha Martin Mary Matt Matthew Maurice Max Michael Michel Miguel "
    "Mike Mildred Nancy Nathan Neil Nelson Nicholas Nick Niels Nikita Nikola Nikolai Norman Oliver Orson Oscar Otto Pablo Patrick "
    "Paul Pedro Percy Peter Phil Philip Pierre Rachel Ralph Ray Raymond Rebecca Richard Rob Robert Roberto Robin Roger Roland Ron "
    "Ronald Rosa Rose Ross Roy Rudolf Rupert Russell Ruth Sam Samuel Sara Sarah Sean Sergei Sidney Simon Sophie Stan Stanley "
    "Stephen Steve Steven Stuart Susan Ted Theodore Thomas Tim Tina Tom Tommy Tony Ulysses Vera Victor Victoria Vincent Virginia "
    "Vladimir Walter Warren Wayne Wilhelm Will William Willy Winston Wolfgang Yuri".split()
)

PLACES = set(
    "Africa America Antarctica Argentina Asia Athens Australia Austria Baghdad Belgium Berlin Bolivia Boston Brazil Britain "
    "Brussels Budapest Bulgaria Cairo California Canada Chicago Chile China Colombia Constantinople Copenhagen Crete Cuba Cyprus "
    "Czechoslovakia Denmark Dublin Ecuador Edinburgh Egypt England Ethiopia Europe Finland Florence Florida France Geneva Germany "
    "Ghana Greece Greenland Hollywood Hungary Iceland India Indonesia Iran Iraq Ireland Israel Istanbul Italy Jamaica Japan "
    "Jerusalem Kenya Korea Lisbon London Madrid Malta Manchester Melbourne Mexico Milan Moscow Munich Naples Nepal Netherlands "
    "Norway Oslo Oxford Pakistan Panama Paris Persia Peru Philadelphia Poland Portugal Prague Rome Russia Scotland Seattle Serbia "
    "Sicily Spain Stockholm Sweden Switzerland Sydney Syria Texas Tokyo Turkey Ukraine Vancouver Venice Vienna Vietnam Wales "
    "Warsaw Washington Zurich".split()
)

SYNONYMS = [
    row.split()
    for row in """
discover discovered discovers found find identified identify detected spotted discovery discoverer
write wrote written writes author writer penned composed
compose composed composer music wrote
paint painted paints painter painting picture artist
draw drew drawn drawing
invent invented inventor created developed devised invention
create created creator made make developed invented
design designed designer architect drew planned
build built builds building constructed construction erected put
make made makes making produced manufactured
found founded founder established set started began
start started begin began begun opened launched
open opened opening inaugurated unveiled
end ended finish finished stop stopped over
die died dies death dead killed passed
kill killed kills murdered shot assassinated slew slain
born birthplace birth come came from
bury buried grave tomb burial
marry married marries wife husband wed
win won wins winner victory beat champion
beat defeated defeat beaten won overcame
lose lost loses defeat
fight fought battle war
lead led leads leader headed commanded
command commanded commander led leader
rule ruled ruler reigned reign king governed
become became becomes was
give gave given gives donated presented
get got gets received obtained gained earned
receive received awarded won got
take took taken takes captured
capture captured seized took conquered
conquer conquered captured took
hold held holds
call called named name known nicknamed
name named names called after
mean means meaning
say said says told
think thought believed believe
play played plays actor portrayed starred
star starred starring played
sing sang sung sings singer recorded performed song
perform performed sang played
record recorded released sang
release released came out issued published
publish published appeared came printed
direct directed director filmed made
film filmed movie picture shot
movie film
novel book story
play drama
happen happened took place occur occurred
move moved went
go went gone goes travelled sailed
sail sailed voyage
travel travelled journey went
fly flew flown flight
fall fell fallen
rise rose risen
land landed landing arrived touched
arrive arrived came reached
reach reached climbed got
climb climbed climber ascent ascended reached
leave left leaves departed
cross crossed crosses
flow flows empties runs
run ran runs
score scored scores goal
sign signed signature agreed
sell sold sells
buy bought purchased
pay paid cost price
send sent sends
show showed shown shows displayed
teach taught teacher
learn learned learnt
train trained coach trainer
hide hid hidden
steal stole stolen
break broke broken breaks
destroy destroyed wrecked ruined
burn burned burnt fire
sink sank sunk
keep kept keeps stored housed
live lived lives
grow grew grown grows
eat ate eaten eats food
drink drank drunk
use used uses
need needed needs required
choose chose chosen picked
elect elected election
appoint appointed made
crown crowned coronation
speak spoke spoken language
see saw seen sees
hear heard
know knew known
bring brought
carry carried
catch caught
throw threw thrown
wear wore worn
cause caused causes led
contain contains contained holds has
cover covered covers
locate located lies stands situated
stand stands stood
lie lies lay
belong belongs owned part
replace replaced succeeded followed
succeed succeeded successor followed
introduce introduced brought
prove proved proof showed
measure measured
propose proposed suggested put
explain explained
describe described
large largest big biggest great
big large huge
small smallest little tiny
tall tallest high highest
old oldest ancient
first earliest
fast fastest quick
city town
ship boat vessel
wife married queen
father son
soldiers troops army
country nation state
prize award won
united us american
britain british uk england
america american us
film picture
""".strip().splitlines()
]

# DATE matches a date or a year, COUNT a number in digits or words.
M, N = "|".join(MONTHS), "|".join(NUMBERS)
DATE = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{M})(?: \d{{1,2}},)?(?: \d{{3,4}})?\b|\b\d{{1,4}} (?:BC|AD)\b|\b1\d\d\ds?\b|\b20[012]\ds?\b"
)
COUNT = re.compile(rf"\b(?:\d[\d,.]*\d|\d|(?:{N})(?:(?:[- ]| and )(?:{N}))*)\b(?: (?:{N}))*", re.I)
