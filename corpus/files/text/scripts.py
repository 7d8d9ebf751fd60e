"""What languages are written with, by which the encoding of a text is told: their letters, commonest words, characters.

The words are those of grammar, which any text of a few sentences has, whatever it is about.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """How a language with an alphabet is spelled.

    Attributes:
        words: its commonest words, in small letters.
        letters: those of its alphabet beyond ASCII, and of words that it borrowed, in small letters.
    """

    words: frozenset[str]
    letters: frozenset[str]


def _language(words: str, letters: str) -> Language:
    return Language(frozenset(words.split()), frozenset(letters))


CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъьюя"
GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת" + "".join(map(chr, range(0x5B0, 0x5C3)))
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652ـ،؛؟"
# Letters that are borrowed are named where they have the same byte in all encodings of the neighbours, so that they
# tell nothing false of the encoding. The last one of Turkish is what a capital with a dot becomes in small letters.
LANGUAGES = (
    _language("the of and to in is that for it with as was on are by this from at have not", "éáíóöüäç"),
    _language("le la les de des du et à en un une est que qui dans pour par sur pas au il", "àâæçèéêëîïôœùûüÿ"),
    _language("der die das und in zu den von ist mit des auf für nicht ein eine dem im sich auch", "äöüßé"),
    _language("el la los las de del y en que un una es por con para se no su al lo", "áéíñóúü¿¡ªº"),
    _language("o a os as de do da dos das e em que um uma é não para com por se no na", "áàâãçéêíóôõúüªº"),
    _language("il la i le di del della e è in che un una per non con si da al sono", "àèéìîòóùªº"),
    _language("de het een en van in is dat op te voor met zijn niet aan er ook als bij", "áéèëïóöü"),
    _language("och i att det som en på är av för med den till inte om ett har de från", "åäöé"),
    _language("og i at det som en på er af av for med den til ikke de har et fra om", "æøåé"),
    _language("ja on ei se että oli hän joka mutta ovat kun niin myös tai sen mukaan", "åäö"),
    _language("og að í er sem á til það en við um með fyrir var hann ekki af hafa", "áðéíóúýþæö"),
    _language("w i na z się nie do to jest że o jak za od po dla są przez który oraz", "ąćęłńóśźż"),
    _language("a v se na je že s z do o i to k by pro jako ale za od jsou podle při ve", "áčďéěíňóřšťúůýž"),
    _language("a v sa na je že s z do o i to k by pre ako ale za od sú podľa pri vo aj", "áäčďéíĺľňóôŕšťúýž"),
    _language("a az és hogy nem is egy ez meg de volt csak van el ki mint már ha még azt", "áéíóöőúüű"),
    _language("i u je se na da su za od s koji a o iz kao to će ne ili biti bi koja", "čćđšž"),
    _language("in je v na da se za so ki pri z o s po kot ne bi bil tudi pa iz", "čšž"),
    _language("și şi de în a la cu pe nu din că o un este mai care au ce pentru sa al", "ăâîşţșț"),
    _language("ve bir bu da de için ile olarak çok en olan daha o gibi ne kadar sonra var her", "çğıöşüâîû\u0307"),
    _language("ir yra kad į iš su tai bet kaip buvo o ar apie jis už nuo per dėl po", "ąčęėįšųūž"),
    _language("un ir ar no uz ka par tas kas bet arī to tika kā bija pie pēc lai vai", "āčēģīķļņšūž"),
    _language("ja on ei et see ta kui oli ka ning oma mis aga nii siis välja selle või", "äõöüšž"),
    _language("в и не на с что по как из к у за от это для а о но его то же", CYRILLIC + "ыэё"),
    _language("в і не на з що до як та у за від це для а про але його то є й", CYRILLIC + "іїєґ"),
    _language("и на да се в за от с не е по си са като до че това при който към а", CYRILLIC + "ѝ"),
    _language("и у је се на да су за од са који а о из као то ће не или бити", CYRILLIC + "ђјљњћџ"),
    _language("και το του της την η ο τα να με για από που στο στην τον οι των θα δεν σε", GREEK),
    _language("של את על לא הוא זה עם כי גם או אם היא אל יש כל אני מה אבל", HEBREW),
    _language("من في على إلى أن التي عن هذا ما مع الذي لا هذه كان أو هو بعد قد بين لم", ARABIC),
    _language("و در به از که این را با است برای آن یک بر تا هم خود های می", ARABIC + "پچژگکی"),
)  # fmt: skip
# What stands between the words of any language. No letters, and no signs that only programs or tables need.
SIGNS = frozenset("\xa0\xad“”‘’„‚«»‹›–—…•·§©®™°±€£µ²³½¼×†‰№")

# The commonest characters of written Chinese in both forms, three fifths of what is written; of Japanese, the kanji
# that are learned in the first two years of school; and of Korean.
HANZI = frozenset(
    "的年是一在为為中大有国國于於人以地和学學时時后後个個成上及日部月公么麼什与與会會名分生了不西出作长長之本区區主线線用海"
    "行斯发發多被其南路方家东東位亚亞由体體物第北而道可子下尔爾到站球他里裡裏小至代新港前加来來色等法三台臺内內哪所市现現山动動自高文"
    "要电電最开開车車马馬同天因得经經称稱场場建并並期世间間对對任美通军軍队隊入外种種利度或目平王也化理当當教号號米克业業立员員"
    "民州式面政此巴水合全司事这這两兩语語工都能二过過科布原类類制约約定性系数數金士设設形十使者拉机機次将將太院少但重进進比明达達"
    "四正城条條食运運相安联聯关關元力表基河品属屬林列门門首从從如无無口心县縣起些总總共界型们們省传傳字近保影统統格星组組女治计計"
    "带帶量向非白则則意又包该該流身单單点點就始受足实實改结結我你说說去看没沒她好想样樣做见見问問被给給让讓很已更应應知者万萬"
    "報报協协議议書书記记據据"
)
KANJI = frozenset(
    "一右雨円王音下火花貝学気九休玉金空月犬見五口校左三山子四糸字耳七車手十出女小上森人水正生青夕石赤千川先早草足村大男竹中虫町天田"
    "土二日入年白八百文木本名目立力林六引羽雲園遠何科夏家歌画回会海絵外角楽活間丸岩顔汽記帰弓牛魚京強教近兄形計元言原戸古午後語工"
    "公広交光考行高黄合谷国黒今才細作算止市矢姉思紙寺自時室社弱首秋週春書少場色食心新親図数西声星晴切雪船線前組走多太体台地池知茶"
    "昼長鳥朝直通弟店点電刀冬当東答頭同道読内南肉馬売買麦半番父風分聞米歩母方北毎妹万明鳴毛門夜野友用曜来里理話"
    "部定実動主発法関者民最全化約現度機表対業員事政相経議要使開意成期連制"
)
HANGUL = frozenset(
    "이다는의에을를가고하은도한지로사기서리나인대자해어시그라일수정들있아스원부과전제보조주장상년만관여오구우소무공성중국경으동신안니게"
    "마유것위비연적계선면했습진발학생모세되행통문물회미었영호분방화용최레터트없음김말까거와될된및할후저더때각강음간남네단당래르면명민박"
)
KANA = frozenset(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F5))))
