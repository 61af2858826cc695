/* Words in dates. The tables hold folded words: lower case, no accents. */
#include "import/when_words.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { WORD_BYTES_MAX = 48 };

/* For each month the names and short forms of it, parted by blanks, a blank at both ends. */
static const char *const months[] = {
	/* English, German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish, Czech, Hungarian, Turkish,
	   Russian, Ukrainian, Greek, Arabic (both calendars of names), Indonesian */
	" january jan januar jan. jaenner janner janvier janv enero ene janeiro gennaio gen "
	"januari tammikuuta stycznia sty "
	"styczen ledna leden januara januar jan ocak oca января январь янв січня ιανουαριου ιαν "
	"يناير كانون-الثاني ",
	" february feb februar fevrier fevr fev febrero fevereiro febbraio februari helmikuuta "
	"lutego luty lut unora unor "
	"februar subat sub февраля февраль фев лютого φεβρουαριου φεβ فبراير شباط ",
	" march mar marz maerz mrz mars marzo marco mar maart mrt maaliskuuta marca marzec brezna "
	"brezen marcius mart "
	"марта март мар березня μαρτιου μαρ μαρτ مارس اذار maret ",
	" april apr avril avr abril abr aprile aprila huhtikuuta kwietnia kwiecien kwi dubna duben "
	"aprilis nisan nis "
	"апреля апрель апр квітня απριλιου απρ ابريل نيسان ",
	" may mai mayo maio maggio mag mei maj maja toukokuuta kvetna kveten majus mayis may мая "
	"май травня μαιου μαι "
	"مايو ايار mei ",
	" june jun juni juin junio junho giugno giu kesakuuta czerwca czerwiec cze cervna cerven "
	"junius haziran haz "
	"июня июнь июн червня ιουνιου ιουν ιου يونيو حزيران ",
	" july jul juli juillet juil julio julho luglio lug heinakuuta lipca lipiec lip cervence "
	"cervenec julius temmuz tem "
	"июля июль июл липня ιουλιου ιουλ يوليو تموز ",
	" august aug aout agosto ago augustus augusti elokuuta sierpnia sierpien sie srpna srpen "
	"augusztus agustos agu "
	"августа август авг серпня αυγουστου αυγ اغسطس اب agustus ",
	" september sep sept septembre septiembre set setembro settembre syyskuuta wrzesnia "
	"wrzesien wrz zari szeptember "
	"szept eylul eyl сентября сентябрь сен сент вересня σεπτεμβριου σεπ σεπτ سبتمبر ايلول ",
	" october oct oktober okt octobre octubre outubro out ottobre ott oktobra lokakuuta "
	"pazdziernika pazdziernik paz "
	"rijna rijen oktober ekim eki октября октябрь окт жовтня οκτωβριου οκτ اكتوبر تشرين-الاول ",
	" november nov novembre noviembre novembro marraskuuta listopada listopad lis kasim kas "
	"ноября ноябрь ноя "
	"листопада νοεμβριου νοε νοεμ نوفمبر تشرين-الثاني ",
	" december dec dezember dez decembre diciembre dic dezembro dicembre desember des "
	"joulukuuta grudnia grudzien gru "
	"prosince prosinec decembra aralik ara декабря декабрь дек грудня δεκεμβριου δεκ ديسمبر "
	"كانون-الاول desember ",
};

static const char noise[] =
	" monday mon tuesday tue tues wednesday wed weds thursday thu thur thurs friday fri "
	"saturday sat sunday sun "
	"montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonnabend sonntag "
	"so lundi lun mardi mercredi mer "
	"jeudi jeu vendredi ven samedi sam dimanche dim lunes martes miercoles mie jueves jue "
	"viernes vie sabado sab domingo "
	"dom segunda terca quarta quinta sexta feira lunedi martedi mercoledi giovedi gio venerdi "
	"sabato domenica maandag "
	"dinsdag woensdag donderdag vrijdag zaterdag zondag mandag tirsdag onsdag torsdag fredag "
	"lordag sondag mandag "
	"понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс κυρ "
	"δευ τρι τετ πεμ παρ σαβ "
	"الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعة السبت "
	"at the of on de del um le il den der am um uhr a o date time published updated posted "
	"publie publicado stand vom "
	"modified first last year г года в st nd rd th er kl klo h hrs et de и y ";

static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "z", 0 },	 { "ut", 0 },	  { "utc", 0 },	   { "gmt", 0 },     { "wet", 0 },
	{ "west", 60 },	 { "bst", 60 },	  { "ist", 330 },  { "cet", 60 },    { "cest", 120 },
	{ "mez", 60 },	 { "mesz", 120 }, { "met", 60 },   { "mest", 120 },  { "eet", 120 },
	{ "eest", 180 }, { "msk", 180 },  { "msd", 240 },  { "est", -300 },  { "edt", -240 },
	{ "et", -300 },	 { "cst", -360 }, { "cdt", -300 }, { "ct", -360 },   { "mst", -420 },
	{ "mdt", -360 }, { "mt", -420 },  { "pst", -480 }, { "pdt", -420 },  { "pt", -480 },
	{ "ast", -240 }, { "adt", -180 }, { "nst", -210 }, { "akst", -540 }, { "akdt", -480 },
	{ "hst", -600 }, { "jst", 540 },  { "kst", 540 },  { "hkt", 480 },   { "sgt", 480 },
	{ "awst", 480 }, { "aest", 600 }, { "aedt", 660 }, { "acst", 570 },  { "nzst", 720 },
	{ "nzdt", 780 }, { "sast", 120 }, { "brt", -180 }, { "art", -180 },  { "pkt", 300 },
	{ "wib", 420 },	 { "ict", 420 },
};

struct str when_fold(struct str word, char out[64])
{
	uint8_t *flat;
	uint8_t *folded;
	size_t flat_len = 0;
	size_t folded_len = 0;
	size_t len = 0;

	if (word.len == 0 || word.len > WORD_BYTES_MAX)
		return STR("");
	folded = u8_casefold((const uint8_t *)word.data, word.len, NULL, NULL, NULL, &folded_len);
	flat = folded ? u8_normalize(UNINORM_NFD, folded, folded_len, NULL, &flat_len) : NULL;
	for (size_t i = 0; flat && i < flat_len;) {
		ucs4_t rune;
		int step = u8_mbtouc(&rune, flat + i, flat_len - i);

		if (!uc_is_general_category(rune, UC_NON_SPACING_MARK) && len + (size_t)step < 64) {
			memcpy(out + len, flat + i, (size_t)step);
			len += (size_t)step;
		}
		i += (size_t)step;
	}
	free(flat);
	free(folded);
	return (struct str){ out, len };
}

/* Whether word is one of the words of a list with blanks around each. */
static bool is_listed(const char *list, struct str word)
{
	const char *at = list;

	if (word.len == 0)
		return false;
	while ((at = memmem(at, strlen(at), word.data, word.len))) {
		if (at[-1] == ' ' && at[word.len] == ' ')
			return true;
		at += 1;
	}
	return false;
}

int when_month(struct str word)
{
	for (int i = 0; i < 12; i++)
		if (is_listed(months[i], word))
			return i + 1;
	return 0;
}

bool when_is_noise(struct str word)
{
	return is_listed(noise, word);
}

bool when_zone(struct str word, int *ret_minutes)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (!str_eq(word, str_from(zones[i].name)))
			continue;
		*ret_minutes = zones[i].minutes;
		return true;
	}
	return false;
}
