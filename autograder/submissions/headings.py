"""Recognises the columns of platforms' grade files by their headings, in the languages that many classes use.

The headings of Moodle, Canvas, Blackboard, Brightspace, GitHub Classroom and nbgrader are known in English, German, French,
Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish, Norwegian, Finnish, Czech, Turkish, Russian, Ukrainian, Japanese,
Chinese and Korean. In other files, two kinds of columns are recognised by their content, and the instructor names the others with
`--columns`.
"""

import re
import unicodedata

# The roles of columns: a role says what a column holds. The roles are also the keys of --columns.
IDENTIFIER = "identifier"
NAME = "name"
FIRST = "first"
LAST = "last"
EMAIL = "email"
ID = "id"
LOGIN = "login"
GRADE = "grade"
MAXIMUM = "maximum"
SCALE = "scale"
LOCKED = "changeable"
FEEDBACK = "feedback"
MODIFIED = "modified"
PERSON = (IDENTIFIER, NAME, FIRST, LAST, EMAIL, ID, LOGIN)

KNOWN = {
    IDENTIFIER: "Identifier|Identifiant|Identificador|Identificativo|Identificatie|Identificatienummer|Identyfikator|Identifierare|Identifikator|Tunniste"
    "|Identifikátor|Tanımlayıcı|Идентификатор|Ідентифікатор|識別子|标识符|标识|識別碼|식별자|Record ID",
    NAME: "Full name|Student|Student name|Vollständiger Name|Nom complet|Nombre completo|Nome completo|Cognome Nome|Volledige naam|Imię i nazwisko"
    "|Fullständigt namn|Fulde navn|Fullt navn|Koko nimi|Celé jméno|Tam adı|Tam ad|Adı Soyadı|Полное имя|ФИО|Фамилия Имя|Повне ім'я|ПІБ|フルネーム|氏名"
    "|姓名|全名|성명|전체 이름|Name",
    FIRST: "First name|FirstName|first_name|Given name|Student First Name|Vorname|Prénom|Nombre|Nome|Nome próprio|Primeiro nome|Voornaam|Imię|Förnamn|Fornavn"
    "|Etunimi|Křestní jméno|Jméno|Adı|Ad|Имя|Ім'я|名|名前|名字|이름",
    LAST: "Last name|LastName|last_name|Surname|Family name|Student Last Name|Nachname|Familienname|Nom|Nom de famille|Apellido|Apellidos|Apellido(s)|Cognome"
    "|Apelido|Apelidos|Sobrenome|Último nome|Achternaam|Nazwisko|Efternamn|Efternavn|Etternavn|Sukunimi|Příjmení|Soyadı|Soyad|Фамилия|Прізвище|姓|姓氏|성",
    EMAIL: "Email address|E-mail address|Email|E-mail|E-Mail-Adresse|Adresse de courriel|Courriel|Adresse e-mail|Adresse électronique|Dirección de correo"
    "|Dirección de correo electrónico|Dirección Email|Correo electrónico|Correo|Indirizzo email|Endereço de email|Endereço de e-mail|Endereço de correio eletrónico"
    "|E-mailadres|Adres e-mail|Adres email|Adres poczty elektronicznej|E-postadress|E-mailadresse|E-postadresse|Sähköpostiosoite|Sähköposti|E-mailová adresa"
    "|E-posta adresi|E-posta|Адрес электронной почты|Электронная почта|Електронна пошта|Адреса електронної пошти|メールアドレス|电子邮件地址|电子邮件"
    "|电子邮箱|Email地址|電子郵件地址|電子郵件|이메일|이메일 주소|전자메일|전자우편",
    ID: "ID number|Student ID|SID|OrgDefinedId|SIS User ID|student_id|roster_identifier|ID-Nummer|Matrikelnummer|Numéro d'identification|Número de ID|Número ID"
    "|ID del usuario|Número de identificación|Codice identificativo|Numero ID|Número de identificação|Número mecanográfico|ID-nummer|Numer ID|Numer identyfikacyjny"
    "|ID-numero|Tunnistenumero|Identifikační číslo|Kimlik numarası|ID numarası|Индивидуальный номер|Идентификационный номер|ID-номер|Ідентифікаційний номер"
    "|IDナンバー|学籍番号|ID 号|编号|学号|學號|ID 번호|학번",
    LOGIN: "Username|User name|SIS Login ID|Login|Login ID|github_username|Anmeldename|Benutzername|Nom d'utilisateur|Nombre de usuario|Usuario|Nome utente"
    "|Nome de utilizador|Identificação de usuário|Nome de usuário|Gebruikersnaam|Nazwa użytkownika|Användarnamn|Brugernavn|Brukernavn|Käyttäjätunnus|Käyttäjänimi"
    "|Uživatelské jméno|Kullanıcı adı|Логин|Имя пользователя|Логін|Ім'я користувача|Ім'я входу|ユーザ名|ユーザー名|用户名|用戶名|使用者帳號|사용자 아이디|사용자명|아이디",
    GRADE: "Grade|Bewertung|Note|Calificación|Valutazione|Nota|Avaliação|Cijfer|Beoordeling|Ocena|Betyg|Karakter|Arvosana|Arviointi|Známka|Hodnocení|Not|Оценка"
    "|Оцінка|評点|評定|成绩|成績|分数|성적",
    MAXIMUM: "Maximum grade|Bestwertung|Note maximale|Calificación máxima|Valutazione massima|Voto massimo|Nota máxima|Avaliação máxima|Maximumcijfer|Maximum cijfer"
    "|Maximale cijfer|Maksymalna ocena|Ocena maksymalna|Maxbetyg|Maximalt betyg|Högsta betyg|Maksimumkarakter|Maksimal karakter|Maks. karakter|Maksimiarvosana"
    "|Enimmäisarvosana|Maximální známka|Nejvyšší známka|En yüksek not|Azami not|Максимальная оценка|Максимальный балл|Максимальна оцінка|最大評点|最大評定"
    "|最高成绩|最高分|最高成績|최대 성적|최고 성적|최대 점수",
    SCALE: "Scale|Skala|Bewertungsskala|Barème|Échelle|Escala|Scala|Schaal|Asteikko|Škála|Ölçek|Шкала|尺度|评分等级|量尺|척도",
    LOCKED: "Grade can be changed|Bewertung kann geändert werden|La note peut être modifiée|La calificación puede cambiarse|La calificación puede ser cambiada"
    "|La calificación se puede cambiar|La valutazione può essere modificata|A nota pode ser alterada|Cijfer kan gewijzigd worden|Cijfer kan veranderd worden"
    "|Ocena może być zmieniona|Ocena może zostać zmieniona|Betyget kan ändras|Betyg kan ändras|Karakteren kan ændres|Karakter kan ændres|Karakteren kan endres"
    "|Karakter kan endres|Arvosanaa voi muuttaa|Arvosana voidaan muuttaa|Známka může být změněna|Známku lze změnit|Not değiştirilebilir|Оценка может быть изменена"
    "|Оцінка може бути змінена|Оцінку можна змінити|評点変更可|允许更改成绩|可以更改成绩|成績可變更|성적 변경 가능|성적을 변경할 수 있음",
    FEEDBACK: "Feedback comments|Feedback als Kommentar|Feedback-Kommentare|Feedback par commentaires|Commentaires de feedback|Comentarios de retroalimentación"
    "|Comentarios de la retroalimentación|Comentarios|Commenti di feedback|Commenti|Comentários de feedback|Comentários|Feedbackcommentaar|Feedback als commentaar"
    "|Feedbackopmerkingen|Komentarz zwrotny|Komentarz|Komentarze|Feedbackkommentarer|Återkopplingskommentarer|Kommentarer|Feedback-kommentarer"
    "|Tilbakemeldingskommentarer|Palautekommentit|Komentáře|Geri bildirim yorumları|Отзыв в виде комментария|Комментарии|Відгук у вигляді коментаря|Коментарі"
    "|フィードバックコメント|反馈评论|反馈意见|回饋評語|피드백 댓글|피드백 의견",
}  # fmt: skip
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NO = "No|Nein|Non|Não|Nee|Nie|Nej|Nei|Ei|Ne|Hayır|Нет|Ні|いいえ|否|不|아니오|아니요".split("|")


def plain(heading):
    """Return a heading in composed Unicode (NFC) and lower case, without punctuation and spaces: "E-mail" -> "email"."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", heading).casefold())


ROLES = {}
for _role, _texts in KNOWN.items():
    for _text in _texts.split("|"):
        ROLES.setdefault(plain(_text), _role)


def roles(header, columns=None, rows=()):
    """Return what the columns of a file hold: {role: index of the column}, where a role is for example "email" or "grade".

    header   the headings of the file
    columns  the instructor's {role: heading}, which takes precedence over the known headings
    rows     the rows of cells, which are used if no heading shows the identifier or the e-mail address

    If several columns have known headings for one role, the first is taken. If no heading shows the identifier, the first column
    gets the role "identifier" if all its cells look like Moodle's identifiers. If no heading shows the e-mail address, the first
    column with only such addresses gets the role "email". Raises ValueError if a heading in `columns` is missing or ambiguous.
    """
    found = {}
    for i, heading in enumerate(header):
        role = ROLES.get(plain(heading))
        if role:
            found.setdefault(role, i)
    for role, heading in (columns or {}).items():
        if role in KNOWN:
            found[role] = column(header, heading)
    if IDENTIFIER not in found and is_identifier([r[0].strip() for r in rows]):
        found[IDENTIFIER] = 0
    if EMAIL not in found:
        said = {i: [r[i].strip() for r in rows if r[i].strip()] for i in range(len(header)) if i not in found.values()}
        found |= next(({EMAIL: i} for i, cells in said.items() if cells and all(ADDRESS.fullmatch(c) for c in cells)), {})
    return found


def is_identifier(cells):
    """Return whether all cells look like Moodle's identifiers ("Participant 501"): the same word with different numbers."""
    parts = [re.fullmatch(r"(\D*?)\s*(\d+)", c) for c in cells]
    return (
        bool(parts)
        and all(parts)
        and len({p[1] for p in parts}) == 1
        and bool(parts[0][1])
        and len({p[2] for p in parts}) == len(parts)
    )


def column(header, heading):
    """Return the index of the column with this heading. Raises ValueError if there is no such column, or several."""
    hits = [i for i, h in enumerate(header) if h.strip() == heading.strip()] or [
        i for i, h in enumerate(header) if plain(h) == plain(heading)
    ]
    if len(hits) != 1:
        raise ValueError(
            f"--columns: {'several columns are' if hits else 'no column is'} called {heading!r}; the file has {', '.join(header)}"
        )
    return hits[0]


def read_columns(text):
    """Return {role or stage number: heading} for a --columns option such as "identifier=Kennung;grade=Punkte;04=Aufgabe 4".

    Raises ValueError if a key is neither a role nor a stage number, or has no heading.
    """
    pairs = [p.partition("=") for p in re.split(r"[;\n]", text or "") if p.strip()]
    made = {role.strip(): heading.strip() for role, _, heading in pairs}
    wrong = [role for role, heading in made.items() if not heading or not (role in KNOWN or re.match(r"\d\d", role))]
    if wrong:
        raise ValueError(
            f"--columns: {', '.join(wrong)} is none of {', '.join(KNOWN)} and not a stage; write for example 'email=Mail;grade=Punkte' or '04=Task 4'"
        )
    return made
