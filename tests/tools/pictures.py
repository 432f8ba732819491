#!/usr/bin/python3
"""
Pictures of what clients and technicians read, made by a headless browser out
of the HTML that a desk really sends: `tests/tools/pictures.py DIR` (Debian's
chromium). Each mail at the width of a telephone and of a desktop, light and
dark; doc/pictures holds those that README shows, remade with it.
"""
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import desk as e2e
import talk_lib as talk

JEANNE = "jeanne.morel@acier-vosges.example"
ANNE = e2e.TECHNICIANS[0]
WIDTHS = {"phone": 375, "desktop": 1000}
SCHEMES = {"light": 1, "dark": 0}  # Blink's preferredColorScheme


def life():
    """A ticket from its first mail to its resolution; what was sent."""
    desk = talk.Desk()
    day = "2026-11-20T{}:00+01:00".format
    desk.mail(day("17:00"), JEANNE, "Panne bloquante de l'ERP",
              "Bonjour,\n\nPlus personne ne peut se connecter à l'ERP depuis "
              "ce matin.\nLes quatre lignes sont arrêtées.\n\nCordialement,\n"
              "-- \nJeanne Morel\nDSI, Aciéries des Vosges\n"
              "+33 3 29 00 01 02")
    desk.drain(day("17:01"))
    desk.answer(day("17:10"), ANNE, 1, "#wait customer\nBonjour,\n\n"
                "L'écouteur est relancé. Pouvez-vous réessayer ?\n\nAnne")
    desk.drain(day("17:11"))
    desk.answer(day("17:30"), JEANNE, 1, "Toujours rien à la comptabilité.")
    desk.drain(day("17:31"))
    desk.answer(day("17:40"), ANNE, 1, "#severity 2")
    desk.drain(day("17:41"))
    desk.drain(day("17:55"))
    desk.answer(day("18:30"), ANNE, 1, "#resolve\nLa comptabilité est "
                "rétablie.")
    desk.drain(day("18:32"))
    return desk.mails


def shoot(browser, page, folder):
    for width, pixels in WIDTHS.items():
        for scheme, number in SCHEMES.items():
            subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu",
                 "--hide-scrollbars", f"--window-size={pixels},900",
                 f"--blink-settings=preferredColorScheme={number}",
                 f"--screenshot={folder}/{page.stem}-{width}-{scheme}.png",
                 page.as_uri()],
                check=True, timeout=60, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)


def main():
    browser = shutil.which("chromium")
    if len(sys.argv) != 2 or browser is None:
        sys.exit(__doc__.strip() if browser else
                 "pictures: no chromium here: apt-get install chromium")
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    seen = set()
    for mail in life():
        kind = f"{mail.row['what']}-{'desk' if mail.to == ANNE else 'client'}"
        if mail.to not in (JEANNE, ANNE) or kind in seen:
            continue
        seen.add(kind)
        page = folder / f"{kind}.html"
        page.write_text(mail.message.get_body(("html",)).get_content())
        shoot(browser, page, folder)
        print(page.stem)


if __name__ == "__main__":
    main()
