/*
 * The names that mail gives to charsets: data alone. A label is compared
 * without its blanks and marks, in lower case, and without the "x-" or "cs"
 * that programs put before names of their own; so each stands here once, in
 * its usual form.
 *
 * Sources: the WHATWG Encoding Standard's labels; the IANA registry's aliases;
 * the MLang names of Outlook and Exchange; what Lotus Notes, Eudora, Apple Mail
 * and Japanese telephones write.
 */
#include "charset_private.h"

/* A label that is narrower than what it is used for goes to the wider one. */
const CharsetName charset_names[] = {
	{ "windows-1250", "cp1250 win-1250 ibm1250" },
	{ "windows-1251", "cp1251 win-1251 ibm1251 ansi1251" },
	{ "windows-1252",
	    "cp1252 win-1252 ibm1252 ansi windows ansi-1252 cp1004 ms-ansi" },
	{ "windows-1253", "cp1253 win-1253 ms-greek" },
	{ "windows-1254",
	    "cp1254 win-1254 ms-turk iso-8859-9 iso8859-9:1989 latin5 l5 "
	    "isolatin5 iso-ir-148 turkish ecma-128 ibm920 cp920" },
	{ "windows-1255", "cp1255 win-1255 ms-hebr mac-hebrew" },
	{ "windows-1256", "cp1256 win-1256 ms-arab" },
	{ "windows-1257", "cp1257 win-1257 winbaltrim" },
	{ "windows-1258", "cp1258 win-1258 vietnamese" },
	{ "iso-8859-2",
	    "iso8859-2:1987 latin2 l2 isolatin2 iso-ir-101 ibm912 cp912" },
	{ "iso-8859-3",
	    "iso8859-3:1988 latin3 l3 isolatin3 iso-ir-109 ibm913 cp913" },
	{ "iso-8859-4",
	    "iso8859-4:1988 latin4 l4 isolatin4 iso-ir-110 ibm914 cp914" },
	{ "iso-8859-5",
	    "iso8859-5:1988 isolatincyrillic cyrillic iso-ir-144 ibm915 cp915" },
	{ "iso-8859-6",
	    "iso8859-6:1987 isolatinarabic arabic asmo-708 ecma-114 iso88596e "
	    "iso88596i iso-ir-127 ibm1089 cp1089 mac-arabic" },
	{ "iso-8859-7",
	    "iso8859-7:1987 isolatingreek greek greek8 ecma-118 elot_928 "
	    "iso-ir-126 sun_eu_greek ibm813 cp813" },
	{ "iso-8859-8",
	    "iso8859-8:1988 isolatinhebrew hebrew visual logical iso88598e "
	    "iso88598i iso-ir-138 ibm916 cp916" },
	{ "iso-8859-10", "iso8859-10:1992 latin6 l6 isolatin6 iso-ir-157" },
	{ "iso-8859-13", "latin7 l7 iso-ir-179 baltic" },
	{ "iso-8859-14", "latin8 l8 iso-celtic iso-ir-199" },
	{ "iso-8859-15",
	    "latin9 latin0 l9 isolatin9 iso-ir-203 ibm923 cp923 latin-9-euro" },
	{ "iso-8859-16", "latin10 l10 iso-ir-226" },
	{ "ibm1162",
	    "windows-874 cp874 ibm874 dos-874 iso-8859-11 tis-620 tis620.2533 "
	    "thai mac-thai" },
	{ "koi8-r", "koi koi8 koi-8 koi8r gost-19768" },
	{ "koi8-u", "koi8-ru" },
	{ "koi8-t", "" },
	{ "ibm437", "437 cp437 dos-437 pc8codepage437" },
	{ "ibm737", "737 cp737 dos-737" },
	{ "ibm775", "775 cp775 dos-775 pc775baltic" },
	{ "ibm850", "850 cp850 dos-850 pc850multilingual" },
	{ "ibm852", "852 cp852 dos-852 pcp852" },
	{ "ibm855", "855 cp855 dos-855" },
	{ "ibm857", "857 cp857 dos-857" },
	{ "ibm858",
	    "858 cp858 cp00858 ibm00858 dos-858 pcmultilingual850euro" },
	{ "ibm860", "860 cp860 dos-860" },
	{ "ibm861", "861 cp861 dos-861 cp-is" },
	{ "ibm862", "862 cp862 dos-862 pc862latinhebrew" },
	{ "ibm863", "863 cp863 dos-863" },
	{ "ibm864", "864 cp864 dos-864" },
	{ "ibm865", "865 cp865 dos-865" },
	{ "ibm866", "866 cp866 dos-866" },
	{ "ibm869", "869 cp869 dos-869 cp-gr" },
	{ "ibm720", "720 cp720 dos-720" },
	{ "ibm037", "cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-nl" },
	{ "ibm1047", "cp1047 ibm01047" },
	{ "ibm1140", "cp1140 ibm01140" },
	{ "ibm1141", "cp1141 ibm01141" },
	{ "ibm1147", "cp1147 ibm01147" },
	{ "ibm1148", "cp1148 ibm01148" },
	{ "ibm273", "cp273" },
	{ "ibm297", "cp297 ebcdic-cp-fr" },
	{ "ibm500", "cp500 ebcdic-cp-be ebcdic-cp-ch" },
	{ "macintosh", "mac macroman mac-roman mac-western" },
	{ "mac-cyrillic", "mac-ukrainian mac-uk cp10007" },
	{ "mac-centraleurope", "mac-ce mac-centraleurroman mac-latin2" },
	{ "mac-is", "mac-icelandic" },
	{ "mac-croatian", "" },
	{ "mac-greek", "" },
	{ "mac-romanian", "" },
	{ "mac-turkish", "" },
	{ "hp-roman8", "roman8 r8" },
	{ "viscii", "viscii1.1-1" },
	{ "tcvn", "tcvn5712 tcvn5712-1 tcvn-5712 tcvn5712-1:1993" },
	{ "armscii-8", "" },
	{ "georgian-ps", "" },
	{ "pt154", "ptcp154 cyrillic-asian cp154" },
	{ "iso-2022-jp",
	    "iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 "
	    "iso-2022-jp-ms iso-2022-jp$esc iso-2022-jp$sio iso2022jp2 jis "
	    "jis7 cp50220 cp50221 cp50222 autodetect-jp autodetect" },
	{ "cp932",
	    "shift_jis sjis shiftjis ms_kanji mskanji windows-31j cp943 "
	    "windows-932 ms932 ibm932 ibm943 shift_jis-2004 shift_jisx0213 "
	    "mac-japanese" },
	{ "euc-jp-ms",
	    "euc-jp eucjp ujis eucpkdfmtjapanese euc-jp-win eucjp-win cp51932 "
	    "cp20932 ext-unix-code-packed-format-for-japanese euc-jisx0213 "
	    "euc-jp-2004" },
	{ "gb18030",
	    "gb2312 gbk gb_2312-80 gb2312-80 gb_2312 chinese iso58gb231280 "
	    "iso-ir-58 cp936 ms936 windows-936 ibm936 ibm1386 cp1386 euc-cn "
	    "euccn cn-gb gb cp20936 cp51936 cp54936 mac-chinesesimp gb-18030 "
	    "gb18030-2000 gb18030-2005 gb18030-2022 autodetect-chs" },
	{ "hz", "hz-gb-2312 hz-gb hzgb cp52936" },
	{ "iso-2022-cn-ext", "iso-2022-cn cp50227 iso-2022-cn-gb" },
	{ "big5-hkscs",
	    "big5 big5hk cn-big5 big-five bigfive xbig5 cp950 ms950 "
	    "windows-950 ibm950 ibm1370 chinese-eten chinesebig5 "
	    "mac-chinesetrad big5-eten big5-2003 big5-hkscs:2004 cp951 "
	    "autodetect-cht" },
	{ "euc-tw", "euctw chinese-cns cns11643 cp51950 cp20000" },
	{ "cp949",
	    "euc-kr euckr korean ks_c_5601 ks_c_5601-1987 ks_c_5601-1989 "
	    "ksc5601 ksc56011987 iso-ir-149 windows-949 ms949 uhc ibm949 "
	    "ibm1363 cp51949 cp20949 mac-korean autodetect-kr" },
	{ "johab", "cp1361 ks_c_5601-1992 ibm1361" },
	{ "iso-2022-kr", "cp50225 iso2022kr" },
	{ "utf-16",
	    "ucs-2 unicode iso-10646-ucs-2 utf16 ucs2 csunicode "
	    "unicode-1-1 unicode-2-0 iso-10646" },
	{ "utf-16le",
	    "ucs-2le ucs2le unicodefeff unicodelittle utf16le cp1200" },
	{ "utf-16be", "ucs-2be ucs2be unicodefffe unicodebig utf16be cp1201" },
	{ "utf-32", "ucs-4 utf32 ucs4 iso-10646-ucs-4 csucs4" },
	{ "utf-32le", "ucs-4le ucs4le cp12000" },
	{ "utf-32be", "ucs-4be ucs4be cp12001" },
	/* These say nothing: decided by looking. */
	{ "",
	    "us-ascii ascii usascii ansi_x3.4-1968 ansi_x3.4-1986 ansix3.4 "
	    "iso646-us iso_646.irv:1991 us cp367 ibm367 iso-ir-6 ia5 cp20127 "
	    "utf-8 utf8 utf-8-bom utf8mb4 unicode-1-1-utf-8 unicode11utf8 "
	    "unicode20utf8 unicode-2-0-utf-8 cp65001 windows-65001 "
	    "iso-8859-1 latin1 l1 isolatin1 latin iso8859-1:1987 iso-ir-100 "
	    "ibm819 cp819 cp28591 iso-8859-1-windows-3.1-latin-1 europa "
	    "7bit 8bit binary unknown-8bit unknown default default_charset "
	    "none null utf iso iso8859 iso-8859 user-defined autodetect_all "
	    "autodetect-all guess charset quoted-printable base64" },
	{ NULL, NULL },
};

/* What the C library has no converter for: the upper half, one character for
 * each byte. */
const CharsetTable charset_tables[] = {
	{ "mac-croatian",
	    "ÄÅÇÉÑÖÜáàâäãåçéè"
	    "êëíìîïñóòôöõúùûü"
	    "†°¢£§•¶ß®Š™´¨≠ŽØ"
	    "∞±≤≥∆µ∂∑∏š∫ªºΩžø"
	    "¿¡¬√ƒ≈Ć«Č…\302\240ÀÃÕŒœ"
	    "Đ—“”‘’÷◊\357\243\277©⁄€‹›Æ»"
	    "–·‚„‰ÂćÁčÈÍÎÏÌÓÔ"
	    "đÒÚÛÙıˆ˜¯πË˚¸Êæˇ" },
	{ "mac-greek",
	    "Ä¹²É³ÖÜ΅àâä΄¨çéè"
	    "êë£™îï•½‰ôö¦€ùûü"
	    "†ΓΔΘΛΞΠß®©ΣΪ§≠°·"
	    "Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩ"
	    "άΝ¬ΟΡ≈Τ«»…\302\240ΥΧΆΈœ"
	    "–―“”‘’÷ΉΊΌΎέήίόΏ"
	    "ύαβψδεφγηιξκλμνο"
	    "πώρστθωςχυζϊϋΐΰ\302\255" },
	{ "mac-romanian",
	    "ÄÅÇÉÑÖÜáàâäãåçéè"
	    "êëíìîïñóòôöõúùûü"
	    "†°¢£§•¶ß®©™´¨≠ĂȘ"
	    "∞±≤≥¥µ∂∑∏π∫ªºΩăș"
	    "¿¡¬√ƒ≈∆«»…\302\240ÀÃÕŒœ"
	    "–—“”‘’÷◊ÿŸ⁄€‹›Țț"
	    "‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ"
	    "\357\243\277ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ" },
	{ "mac-turkish",
	    "ÄÅÇÉÑÖÜáàâäãåçéè"
	    "êëíìîïñóòôöõúùûü"
	    "†°¢£§•¶ß®©™´¨≠ÆØ"
	    "∞±≤≥¥µ∂∑∏π∫ªºΩæø"
	    "¿¡¬√ƒ≈∆«»…\302\240ÀÃÕŒœ"
	    "–—“”‘’÷◊ÿŸĞğİıŞş"
	    "‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ"
	    "\357\243\277ÒÚÛÙ\357\242\240ˆ˜¯˘˙˚¸˝˛ˇ" },
	{ "ibm720",
	    "\302\200\302\201éâ\302\204à\302\206çêëèïî\302\215\302\216\302\217"
	    "\302\220\331\221\331\222ô¤ـûùءآأؤ£إئا"
	    "بةتثجحخدذرزسشص«»"
	    "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
	    "└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
	    "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
	    "ضطظعغفµقكلمنهوىي"
	    "≡\331\213\331\214\331\215\331\216\331\217\331\220≈°∙·√ⁿ²■\302\240" },
	{ NULL, NULL },
};
