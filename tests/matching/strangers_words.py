"""Names and words of the book of strangers: made up from parts, so that none comes too often."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Self, TypeVar

Thing = TypeVar("Thing")

GIVEN = """
    Robert:Bob,Rob,Bobby William:Bill,Will,Billy Richard:Rick,Dick,Rich James:Jim,Jimmy
    John:Jack,Johnny Michael:Mike,Mick Thomas:Tom,Tommy Charles:Chuck,Charlie Joseph:Joe,Joey
    Daniel:Dan,Danny Matthew:Matt Anthony:Tony Steven:Steve Andrew:Andy,Drew Edward:Ed,Ted,Eddie
    Kenneth:Ken Ronald:Ron Timothy:Tim Jeffrey:Jeff Gregory:Greg Samuel:Sam Benjamin:Ben
    Alexander:Alex,Sandy Patrick:Pat Nicholas:Nick Lawrence:Larry Gerald:Jerry Peter:Pete
    Elizabeth:Liz,Beth,Betsy Katherine:Kate,Kathy,Katie Margaret:Maggie,Peggy,Meg
    Patricia:Pat,Patty Jennifer:Jen,Jenny Deborah:Deb,Debbie Susan:Sue,Susie Barbara:Barb
    Rebecca:Becky Victoria:Vicky,Tori Cynthia:Cindy Christine:Chris,Tina Pamela:Pam
    Jacqueline:Jackie Theresa:Terry,Tess Abigail:Abby Samantha:Sam Kimberly:Kim Dorothy:Dot
    Mark: Paul: Brian: Kevin: Scott: Eric: Ryan: Justin: Keith: Roger: Alan: Sean: Todd: Craig:
    Mary: Linda: Karen: Nancy: Lisa: Sandra: Ashley: Donna: Carol: Michelle: Laura: Sarah: Amy:
    Anna: Rachel: Heather: Diane: Julie: Joyce: Olivia: Megan: Hannah: Brenda: Wendy: Paula:
    Logan: Mason: Ethan: Aiden: Harper: Quinn: Avery: Skylar: Tessa: Bridget: Colleen: Ingrid:
"""
ROOTS = """
    Black White Hart Brad Wood Green Stan Mor Har Wal Ash Brook Cal Dun Farn Gold Hol Kings
    Lang Mil Nor Oak Park Rad Sher Thorn Under War York Whit Red Row Pem Rock Ston Fair Good
    Long Man Nel Pal Ham Bur Clay Cran Den Elm Fen Glad Haw Ing Ken Lock
"""
ENDINGS = """
    wood ton field ford man ley son worth well ham bury more ridge wick land stone er hurst ing
    den by shaw combe croft
"""
PLAIN = """
    Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Martin Lee Clark
    Lewis Walker Hall Allen Young King Wright Scott Hill Adams Baker Nelson Carter Roberts
"""
GIVEN_IN_SPANISH = """
    Maria Jose Luis Carlos Juan Ana Rosa Miguel Jorge Lucia Elena Pedro Sofia Diego Carmen
    Javier Pablo Marisol Guadalupe Alejandro Fernanda Ximena Rafael Beatriz Esteban
"""
SPANISH_SURNAMES = """
    Garcia Rodriguez Hernandez Lopez Martinez Gonzalez Perez Sanchez Ramirez Torres Flores Rivera
    Gomez Diaz Cruz Morales Ortiz Gutierrez Chavez Ramos Ruiz Alvarez Mendoza Vasquez Castillo
    Jimenez Moreno Romero Herrera Medina Aguilar Vargas Guzman Mendez Salazar Soto Delgado Nuñez
    Peña Ibarra Quintero Zamora Escobedo Villarreal Olivares
"""
EASTERN_NAMES = """
    Wei:Zhang:Kevin Min:Kim:Grace Jing:Li:Jenny Hao:Wang:Henry Soo-jin:Park:Susan Linh:Nguyen:Lynn
    Xiaoming:Chen:Simon Yuki:Tanaka: Anh:Tran:Annie Jun:Liu:John Hyun-woo:Choi:Howard Mei:Huang:May
    Priya:Raghunathan: Venkat:Krishnamurthy:Vic Deepika:Subramanian: Arjun:Patel:AJ Ngoc:Pham:Nikki
    Qiang:Zhao:Charlie Xiu:Lin:Sue Takeshi:Yamamoto: Bao:Vo:Bob Ling:Wu:Linda Fang:Xu:Fanny
"""
SLAVIC_NAMES = """
    Ivan:Petrov:Иван_Петров Olga:Sokolova:Ольга_Соколова Dmitri:Volkov:Дмитрий_Волков
    Natalia:Morozova:Наталья_Морозова Sergei:Kuznetsov:Сергей_Кузнецов Irina:Orlova:Ирина_Орлова
    Yelena:Pavlova:Елена_Павлова Mikhail:Lebedev:Михаил_Лебедев Oksana:Bondar:Оксана_Бондарь
"""
TRADES = """
    Dental;Roofing;Realty Group;Plumbing & Heating;Law Offices;Physical Therapy;Landscaping;
    Design Studio;Auto Body;Brewing;Accounting;Veterinary Clinic;Furniture;Bakery;Electric
"""
TRADES = [trade.strip() for trade in TRADES.split(";")]
SURNAMES = [
    *PLAIN.split(),
    *(root + ending for ending in ENDINGS.split() for root in ROOTS.split()),
]
HISPANIC, HISPANIC_GIVEN = SPANISH_SURNAMES.split(), GIVEN_IN_SPANISH.split()
GIVEN_NAMES = [
    (name, tuple(filter(None, short.split(","))))
    for name, _, short in (entry.partition(":") for entry in GIVEN.split())
]
EASTERN = [entry.split(":") for entry in EASTERN_NAMES.split()]
SLAVIC = [entry.split(":") for entry in SLAVIC_NAMES.split()]
HOBBIES = ["ski", "golf", "yoga", "boats", "drum", "cat", "jeep", "the", "its", "real"]
PROVIDERS = ["gmail.com"] * 6 + ["yahoo.com", "icloud.com", "outlook.com", "aol.com", "cox.net"]
NOTES = [
    ("{} (call after 5)", "{} cell"),
    ("{}", "{} (wife's)"),
    ("{} - VIP", "{}"),
    ("**{}**", "{} no texts"),
    ("{} referred by agent", "h: {}"),
]
NEIGHBOURS = {
    middle: left + right
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for left, middle, right in zip(row, row[1:], row[2:], strict=False)
}
READ_WRONG = [("rn", "m"), ("m", "rn"), ("l", "i"), ("e", "c"), ("a", "o"), ("v", "u"), ("h", "b")]


@dataclass(frozen=True, slots=True)
class Naming:
    """What somebody is called, and the other ways of saying it."""

    given: str
    surnames: tuple[str, ...]
    short: tuple[str, ...] = ()
    middle: str = ""
    maiden: str = ""
    family_first: bool = False
    other_script: str = ""

    @property
    def usual(self) -> str:
        return f"{self.given} {self.surnames[0]}"

    def married(self, partner: Self) -> Self:
        return replace(self, surnames=partner.surnames, maiden=self.surnames[0])


def english(chance: Random) -> Naming:
    """Common names come often, as they do: one in a hundred is a Smith."""
    given, short = _often_the_first(chance, GIVEN_NAMES, 1.2)
    surname = _often_the_first(chance, SURNAMES, 1.5)
    return Naming(given, (surname,), short, middle=chance.choice("ABCDEFGHJKLMNPRST"))


def spanish(chance: Random) -> Naming:
    first, second = chance.sample(HISPANIC, 2)
    return Naming(chance.choice(HISPANIC_GIVEN), (first, second))


def eastern(chance: Random) -> Naming:
    given, _, alias = chance.choice(EASTERN)
    _, surname, _ = chance.choice(EASTERN)
    return Naming(given, (surname,), (alias,) if alias else (), family_first=True)


def slavic(chance: Random) -> Naming:
    given, surname, script = chance.choice(SLAVIC)
    return Naming(given, (surname,), other_script=script.replace("_", " "))


def _often_the_first(chance: Random, things: Sequence[Thing], how_often: float) -> Thing:
    return things[int(len(things) * chance.random() ** how_often)]
