"""Replies as mail programs write them, in many languages: what stands above a
quotation, how it is quoted, where the answer is. The sentences are made up."""
import random

# How programs say who wrote: date forms and words as each language's versions
# of Gmail, Thunderbird, Apple Mail, K-9, KMail write them.
WHO = "Anna Desk"
AT = "help@desk.example"
ATTRIBUTIONS = {
    "en": ["On Fri, Nov 20, 2026 at 4:00 PM {who} <{at}> wrote:", "On 20/11/2026 16:00, {who} wrote:",
           "On Nov 20, 2026, at 16:00, {who} <{at}> wrote:", "{who} wrote:", "On 20 November 2026 16:00:00 CET, {who} <{at}> wrote:"],
    "fr": ["Le ven. 20 nov. 2026 à 16:00, {who} <{at}> a écrit :", "Le 20/11/2026 à 16:00, {who} a écrit :",
           "Le 20 nov. 2026 à 16:00, {who} <{at}> a écrit :", "Le 2026-11-20 16:00, {who} a écrit :",
           "Le vendredi 20 novembre 2026 à 16:00:00 UTC+1, {who} <{at}> a écrit :"],
    "de": ["Am Fr., 20. Nov. 2026 um 16:00 Uhr schrieb {who} <{at}>:", "Am 20.11.26 um 16:00 schrieb {who}:",
           "{who} <{at}> schrieb am Fr., 20. Nov. 2026, 16:00:", "Am 20.11.2026 um 16:00 schrieb {who} <{at}>:"],
    "nl": ["Op vr 20 nov 2026 om 16:00 schreef {who} <{at}>:", "Op 20-11-2026 om 16:00 schreef {who}:"],
    "es": ["El vie, 20 nov 2026 a las 16:00, {who} (<{at}>) escribió:", "El 20/11/2026 a las 16:00, {who} escribió:"],
    "it": ["Il giorno ven 20 nov 2026 alle ore 16:00 {who} <{at}> ha scritto:", "Il 20/11/2026 16:00, {who} ha scritto:"],
    "pt": ["Em sex., 20 de nov. de 2026 às 16:00, {who} <{at}> escreveu:", "Em 20/11/2026 16:00, {who} escreveu:"],
    "ca": ["Missatge de {who} <{at}> del dia dv., 20 de nov. 2026 a les 16:00:", "El 20/11/2026 a les 16:00, {who} ha escrit:"],
    "da": ["Den fre. 20. nov. 2026 kl. 16.00 skrev {who} <{at}>:", "Den 20-11-2026 kl. 16:00 skrev {who}:"],
    "nb": ["fre. 20. nov. 2026 kl. 16:00 skrev {who} <{at}>:", "Den 20.11.2026 16:00, skrev {who}:"],
    "sv": ["Den fre 20 nov. 2026 kl 16:00 skrev {who} <{at}>:", "Den 2026-11-20 kl. 16:00, skrev {who}:"],
    "fi": ["pe 20. marrask. 2026 klo 16.00 {who} ({at}) kirjoitti:", "{who} kirjoitti 20.11.2026 klo 16.00:"],
    "is": ["Þann fös., 20. nóv. 2026 kl. 16:00 skrifaði {who} <{at}>:"],
    "et": ["{who} <{at}> kirjutas kuupäeval R, 20. november 2026 kell 16:00:"],
    "lv": ["piektd., 2026. g. 20. nov., plkst. 16:00 — lietotājs {who} (<{at}>) rakstīja:"],
    "lt": ["{who} <{at}> rašė (2026-11-20 16:00):"],
    "pl": ["pt., 20 lis 2026 o 16:00 {who} <{at}> napisał(a):", "W dniu 20.11.2026 o 16:00, {who} pisze:"],
    "cs": ["pá 20. 11. 2026 v 16:00 odesílatel {who} <{at}> napsal:", "Dne 20. 11. 26 v 16:00 {who} napsal(a):"],
    "sk": ["pi 20. 11. 2026 o 16:00 {who} <{at}> napísal(a):", "Dňa 20. 11. 2026 o 16:00 {who} napísal(a):"],
    "sl": ["V V pet., 20. nov. 2026 ob 16:00 je oseba {who} <{at}> napisala:"],
    "hr": ["pet, 20. stu 2026. u 16:00 {who} <{at}> napisao je:"],
    "sr": ["пет, 20. нов 2026. у 16:00 {who} <{at}> је написао/ла:"],
    "bg": ["На пт, 20.11.2026 г. в 16:00 {who} <{at}> написа:"],
    "ru": ["пт, 20 нояб. 2026 г. в 16:00, {who} <{at}>:", "20.11.2026 16:00, {who} пишет:"],
    "uk": ["пт, 20 лист. 2026 р. о 16:00 {who} <{at}> пише:"],
    "el": ["Στις Παρ 20 Νοε 2026 στις 4:00 μ.μ., ο χρήστης {who} <{at}> έγραψε:"],
    "ro": ["În vin., 20 nov. 2026 la 16:00, {who} <{at}> a scris:"],
    "hu": ["{who} <{at}> ezt írta (időpont: 2026. nov. 20., P, 16:00):", "2026. 11. 20. 16:00 keltezéssel, {who} írta:"],
    "tr": ["{who} <{at}>, 20 Kas 2026 Cum, 16:00 tarihinde şunu yazdı:"],
    "ar": ["في الجمعة، 20 نوفمبر 2026 في 4:00 م تمت كتابة ما يلي بواسطة {who} <{at}>:"],
    "fa": ["در تاریخ جمعه ۲۰ نوامبر ۲۰۲۶، ۱۶:۰۰ {who} <{at}> نوشت:"],
    "he": ["בתאריך יום ו׳, 20 בנוב׳ 2026 ב-16:00 מאת {who} <{at}>:"],
    "hi": ["शुक्र, 20 नव॰ 2026 को 4:00 pm बजे को {who} <{at}> ने लिखा:"],
    "ja": ["2026年11月20日(金) 16:00 {who} <{at}>:", "2026/11/20 16:00、{who} <{at}>のメール:"],
    "ko": ["2026년 11월 20일 (금) 오후 4:00, {who} <{at}>님이 작성:"],
    "zh": ["{who} <{at}> 于2026年11月20日周五 16:00写道：", "在 2026年11月20日，下午4:00，{who} <{at}> 写道："],
    "zh-tw": ["{who} <{at}> 於 2026年11月20日 週五 下午4:00寫道："],
    "th": ["ในวันที่ ศ. 20 พ.ย. 2026 เวลา 16:00 {who} <{at}> เขียนว่า:"],
    "vi": ["Vào Th 6, 20 thg 11, 2026 vào lúc 16:00 {who} <{at}> đã viết:"],
    "id": ["Pada Jum, 20 Nov 2026 pukul 16.00 {who} <{at}> menulis:"],
    "ms": ["Pada Jum, 20 Nov 2026 pada 16:00 {who} <{at}> menulis:"],
    "iso": ["2026-11-20 16:00 GMT+01:00 {who} <{at}>:", "2026/11/20 {who} <{at}>:"],
}

# From, sent, to, subject, as Outlook heads what it quotes.
BLOCKS = {
    "en": ("From:", "Sent:", "To:", "Subject:"), "fr": ("De :", "Envoyé :", "À :", "Objet :"),
    "de": ("Von:", "Gesendet:", "An:", "Betreff:"), "nl": ("Van:", "Verzonden:", "Aan:", "Onderwerp:"),
    "es": ("De:", "Enviado el:", "Para:", "Asunto:"), "it": ("Da:", "Inviato:", "A:", "Oggetto:"),
    "pt": ("De:", "Enviada em:", "Para:", "Assunto:"), "ca": ("De:", "Enviat:", "Per a:", "Tema:"),
    "da": ("Fra:", "Sendt:", "Til:", "Emne:"), "nb": ("Fra:", "Sendt:", "Til:", "Emne:"),
    "sv": ("Från:", "Skickat:", "Till:", "Ämne:"), "fi": ("Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Aihe:"),
    "et": ("Saatja:", "Saadetud:", "Adressaat:", "Teema:"), "lv": ("No:", "Nosūtīts:", "Kam:", "Tēma:"),
    "lt": ("Nuo:", "Išsiųsta:", "Kam:", "Tema:"), "pl": ("Od:", "Wysłano:", "Do:", "Temat:"),
    "cs": ("Od:", "Odesláno:", "Komu:", "Předmět:"), "sk": ("Od:", "Odoslané:", "Komu:", "Predmet:"),
    "sl": ("Od:", "Poslano:", "Za:", "Zadeva:"), "hr": ("Šalje:", "Poslano:", "Prima:", "Predmet:"),
    "bg": ("От:", "Изпратено:", "До:", "Относно:"), "ru": ("От:", "Отправлено:", "Кому:", "Тема:"),
    "uk": ("Від:", "Надіслано:", "Кому:", "Тема:"), "el": ("Από:", "Στάλθηκε:", "Προς:", "Θέμα:"),
    "ro": ("De la:", "Trimis:", "Către:", "Subiect:"), "hu": ("Feladó:", "Elküldve:", "Címzett:", "Tárgy:"),
    "tr": ("Kimden:", "Gönderildi:", "Kime:", "Konu:"), "ar": ("من:", "تم الإرسال:", "إلى:", "الموضوع:"),
    "he": ("מאת:", "נשלח:", "אל:", "נושא:"), "ja": ("差出人:", "送信日時:", "宛先:", "件名:"),
    "ko": ("보낸 사람:", "보낸 날짜:", "받는 사람:", "제목:"), "zh": ("发件人:", "发送时间:", "收件人:", "主题:"),
    "zh-tw": ("寄件者:", "寄件日期:", "收件者:", "主旨:"), "th": ("จาก:", "ส่ง:", "ถึง:", "เรื่อง:"),
    "vi": ("Từ:", "Đã gửi:", "Đến:", "Chủ đề:"), "id": ("Dari:", "Dikirim:", "Kepada:", "Perihal:"),
}

# Between dashes, above what is answered without marks.
SEPARATORS = {
    "en": ["-----Original Message-----", "-------- Original message --------", "---- {who} wrote ----"],
    "fr": ["-----Message d'origine-----", "-------- Message d’origine --------", "----- Mail original -----"],
    "de": ["-----Ursprüngliche Nachricht-----"], "nl": ["-----Oorspronkelijk bericht-----"],
    "es": ["-----Mensaje original-----"], "it": ["-----Messaggio originale-----"],
    "pt": ["-----Mensagem original-----"], "da": ["-----Oprindelig meddelelse-----"],
    "sv": ["-----Ursprungligt meddelande-----"], "fi": ["-----Alkuperäinen viesti-----"],
    "pl": ["-----Oryginalna wiadomość-----"], "cs": ["-----Původní zpráva-----"],
    "ru": ["-----Исходное сообщение-----"], "tr": ["-----Özgün İleti-----"], "hu": ["-----Eredeti üzenet-----"],
}

FORWARDS = ["---------- Forwarded message ---------", "-------- Message transféré --------",
            "Début du message réexpédié :", "Begin forwarded message:", "----- Mail transféré -----",
            "-------- Weitergeleitete Nachricht --------", "----- Réacheminé par Anna Desk le 20/11/2026 16:00 -----",
            "---------- Doorgestuurd bericht ---------", "-------- Videresendt meddelelse --------"]
FORWARD_SUBJECTS = ["Fwd: Panne", "FW: Panne", "TR: Panne", "TR : Panne", "WG: Panne", "RV: Panne", "I: Panne",
                    "ENC: Panne", "VB: Panne", "VL: Panne", "PD: Panne", "Doorst: Panne", "转发: Panne", "轉寄: Panne",
                    "Пересл: Panne", "İLT: Panne", "ΠΡΘ: Panne", "[EXTERNE] TR: Panne", "[EXT] Fwd: Panne",
                    "RE: TR: Panne", "***SPAM*** Fwd: Panne", "Fwd：Panne", "YNT: ILT: Panne"]

# What people write: some of it looks like a mark and is none.
OWN = ["The printer on the second floor is silent since this morning.", "Bonjour, toujours rien depuis hier 9h30.",
       "Voici ce que le site présente depuis lundi :", "Il faudrait rappeler le 03 29 00 00 17 avant midi.",
       "from 10.0.0.0/8 to any port 443 is what the firewall lets through", "From: 10.1.2.3", "To: any",
       "Date: every Monday", "De : la doc, page 4", "Notre client 4711 a écrit hier :",
       "On your remote host you can run:", "our user 4711 wrote:", "unser Kunde 4711 schrieb heute:",
       "- first point, which is long enough to be read", "* second point",
       "Le message original est resté dans la file.", "He wrote it down somewhere.", "Merci d'avance",
       "Sent from my desk, which is tidy, as you know.", "Envoyé de mon poste, celui du fond, hier soir.",
       "Oui.", "Ok", "2026-11-20 16:02:11 ERROR disk full on srv1", "Start: 10:00", "--verbose does not help",
       "We wrote to you at 16:00 and nobody answered:", "Le 12/11 nous avons redémarré le serveur deux fois.",
       "Objet : la sauvegarde de nuit", "On 3 machines out of 5 it works, see:", "Am Montag war es noch gut.",
       "El servidor sigue caído desde las nueve.", "Il server è fermo dalle nove.", "サーバーが停止しています。",
       "Сервер не отвечает с утра.", "The vendor said: restart it.", "c'est écrit noir sur blanc :"]
QUOTED = ["Could you tell us which model it is?", "Avez-vous redémarré le serveur ?", "Since when does it happen?",
          "QUOTED words of the desk", "Cordialement", "Anna Desk", "Ticket [#12]"]
SIGNATURES = ["-- \nJean Morel\nAcier Vosges", "-- \nJean Morel\n+33 3 29 00 00 17\nhttps://www.acier-vosges.example",
              "Envoyé de mon iPhone", "Sent with [Proton Mail](https://proton.me/) secure email.", "Sent from my Galaxy", "Get Outlook for iOS<https://aka.ms/o0ukef>",
              "Von meinem iPhone gesendet", "Enviado desde mi iPhone"]


def fold(line, rng):
    """As programs break long lines: at a blank, once."""
    if len(line) < 60 or rng.random() < 0.5:
        return line
    at = line.rfind(" ", 0, 72)
    return line if at < 20 else line[:at] + "\n" + line[at + 1:]


def head(rng, language, unmarked):
    """A head above a quotation, and whether the quotation needs its marks."""
    ways = ["attribution"]
    if unmarked and language in BLOCKS:
        ways = ["block", "block", "separator"] if language in SEPARATORS else ["block"]
    way = rng.choice(ways)
    who = {"who": WHO, "at": AT}
    if way == "attribution":
        return fold(rng.choice(ATTRIBUTIONS[language]).format(**who), rng)
    if way == "separator":
        return rng.choice(SEPARATORS[language]).format(**who)
    labels = BLOCKS[language]
    values = [f"{WHO} <{AT}>", "20/11/2026 16:00", "Jean Morel <jean@client.example>", "Re: Panne"]
    block = "\n".join(f"{label} {value}" for label, value in zip(labels, values))
    return rng.choice(["", "________________________________\n", "-----" * 6 + "\n"]) + block


def own_words(rng, count=None):
    words = rng.sample(OWN, count or rng.randint(1, 4))
    # A line that ends in ':' leads to something.
    return words + (["that is all there was"] if words[-1].endswith(":") else [])


def quotation(rng, count=None):
    return "\n".join("> " + line for line in rng.sample(QUOTED, count or rng.randint(2, 4)))


def reply(rng):
    """(text, its own lines, lines that must be gone)"""
    language = rng.choice(list(ATTRIBUTIONS))
    shape = rng.choice(["top", "top", "top", "unmarked", "bottom", "interleaved", "middle"])
    own = own_words(rng)
    if shape == "unmarked" and language not in BLOCKS:
        shape = "top"
    above = head(rng, language, shape == "unmarked")
    if shape == "top":
        signature = rng.choice(["", "", "\n\n" + rng.choice(SIGNATURES)])
        gap = rng.choice(["\n", "\n\n"])
        text = "\n".join(own) + signature + "\n\n" + above + gap + quotation(rng)
    elif shape == "unmarked":
        text = "\n".join(own) + "\n\n" + above + "\n\n" + "\n".join(rng.sample(QUOTED, 3))
    elif shape == "bottom":
        text = above + "\n" + quotation(rng) + "\n\n" + "\n".join(own)
    elif shape == "middle":
        more = own_words(rng, 1)
        text = "\n".join(own) + "\n\n" + above + "\n" + quotation(rng) + "\n\n" + "\n".join(more)
        own = own + more
    else:
        more = own_words(rng, 1)
        text = (above + "\n" + quotation(rng, 2) + "\n" + "\n".join(own) + "\n" + quotation(rng, 2) + "\n" +
                "\n".join(more))
        own = own + more
    return shape, language, text, own, above.split("\n")
