"""What people are called: a name beside a date is set as those of sections, towns and houses are."""

import re

from pipelines.metadata.author_names import is_person

# Common in the Netherlands, Flanders and Friesland and among those who write there. Names that
# towns, months and things are called by more often than people are left out.
_GIVEN = frozenset(
    """
    aad aaf aafke aart aaron abdel abdellah abdul abe abel achmed ada adam adele adil adriaan adrian
    adriana adrie ager agnes ahmed ahmet aicha aisha ako alain alan albert alberto alec alex
    alexander alexandra ali alice alicia alida alie alina aline alphons alwin amanda amber amelie
    amina amir amy ana anas anastasia andre andré andrea andreas andrew andries andy angela
    angelica angelique anil anita anja anjo ank anke ann anna annabel annalies anne annebeth
    annechien annejan annelies anneloes annemarie annemarijn annemiek annemieke anneke annet annette
    annick annie anniek annika anny anouk ans anthony antje antoine antoinette anton antonia antonio
    antoon arend ariane arianne arie ariel arjan arjen arjo arlette armand arno arnaud arnold arnoud
    arnout aron arthur arwin asha astrid atie atze auke axel ayse ayşe baran barbara barend bart
    barry bas bastiaan bauke beate beatrice beatrijs bea ben benjamin benny benoit berend
    bernadette bernard bernd bernhard bernice berry bert berta bertine bertus bertrand betty bianca
    bieke bilal bill bjorn björn bob boelo bonne boris boudewijn bouke bram brecht brechtje brenda
    brent brian bridget brigitte britt britta bruno caleb calvin carel carin carina carine carl carla
    carlijn carlo carlos carmen carol carolien carolina caroline carrie carsten casper catharina
    catherine cathy cato cees cecile cecilia cemal cengiz chantal charles charlotte chiara
    chris christa christel christiaan christian christien christina christine christoph christophe
    christopher cindy claire clara clarissa claude claudia clemens coen cok colette colin conny
    constance cor coralie corien corine corinne cornelia cornelis corrie corry cristina cynthia daan
    daantje dagmar damian dan dana daniel daniël daniela danielle daniëlle danique danny daphne dave
    david davy dean debby deborah demi denis denise dennis derek derk desiree dewi diana dianne dick
    diederik diego dieke dieter dietmar dimitri dina dingeman dinie dirk dirkje ditte djoke dolf
    dominic dominique donald doreen doris dorien dorine dorothea dorus doutzen douwe dries duco
    durk dylan ebel eberhard eddy edgar edith edmond eduard edward edwin eefje eelco eelke eelkje
    eke elbert eleonora elfriede elian eline elisa elisabeth elise elizabeth elke ella ellen elly els
    elsa elsbeth elsemieke elske elvira emiel emil emilie emily emine emma emmanuel emmy emre engbert
    enrico eric erica erich erik erika ernest ernst erna errol erwin esmee esmée esra estelle esther
    ethan etienne eugene eugenie eva evelien eveline evelyn evert ewald ewoud ezra fabian fabienne
    fadime famke fardau fatima fatma fedde feike felix femke fenna fenne fennie ferdinand ferdi
    ferry fieke filip fleur floor floortje flor floris fokke folkert fons fouad foppe franciscus
    francisca franciska franck francois françois francoise frank frans franz fransje frauke fred
    freddy frederic frederik frederike fredrik freek freerk frederique frida frits fritz froukje
    gabriel gabriela gabrielle gaby gareth gary gea geert geertje geertruida geesje geke
    gemma genevieve george georges georgina gerald gerard gerarda gerben gerbrand gerd gerda gerlinde
    gerhard gerlof germa gerrie gerrit gerry gert gertie gertjan gertrude gerwin giel gijs gijsbert
    gilles gillian gina gino giovanni gisela giuseppe glenn gonda goos gosse govert greet greetje
    gregory greta gretha grietje guido guillaume gunter gus gustaaf gustav guus guusje guy
    hakan hamid hamza hanna hannah hanne hanneke hannie hanny hans harald harke harm harmen harold
    harriet harro harrie harry hasan hassan hedwig hedy heidi hein heiko heinrich heinz heleen helen
    helena helene helga helma hendrik hendrika hendrikje hennie henny henk henri henrica henriette
    henrik henry herbert herman hermann hermien hessel hester hidde hilda hilde hilko hille hillegonda
    holger huib huibert hugo hubert humphrey huseyin hylke hylkje ian ibrahim ida idris ids ien ietje
    igor ilona ilse iman imke ina ine ines inez inge ingeborg ingmar ingrid ineke inne ipe irene iris
    irma isa isaac isabel isabella isabelle ismael ismail ivan ivo ivonne jaap jack jackie jacob
    jacoba jacobus jacolien jacomien jacqueline jacques jaime jakob jamal james jamie jan jane janet
    janie janine janke janna janneke jannes jannetje jannie janny jantien jantine jantje janwillem
    jarno jaro jasmijn jasmin jasmina jason jasper jean jeanet jeanette jeanine jeanne jeannette jeff
    jeffrey jelena jelger jelle jelmer jelske jenneke jennifer jenny jens jenske jeroen jerome jerry
    jesper jesse jessica jessie jetske jetty jildou jill jim jimmy jitse jitske jitte jo joachim joan
    joanna joanne joao jochem jochen jodie joël joel joep joeri joey johan johanna johannes john
    johnny jolanda jolande jolein jolien jolijn jon jonas jonathan joop joost joran jorgen jörg jörgen
    jorien jorik joris jorn jorrit jort jos josé jose josef joseph josephine josh joshua josien
    josine joske joslin jouke jouri juan judith jules julia julian juliana julie julien juliette
    julius jurgen jürgen jurjen jurre jurriaan justin justine justus kaj kamal karel karen karim karin
    karina karl karla karlijn karolien karst karsten kasper kate kathalijne katharina katherine
    kathleen kathrin kathy katia katie katinka katja katrien katrin katrina kay kees keimpe keith
    kelly kenneth kerstin kevin khalid khadija kim kimberley kimberly kirsten kitty klaas
    klaartje klaasje klaske klaus koen koenraad koos koosje kor krijn kris krista kristel kristian
    kristien kristin kristina kristof kurt kyra lambert lana lando lara larissa lars laszlo laura
    laurens laurent laurie lauren lea leah lee leen leendert leentje leila lena lennart lennert leo leon
    leonard leonie leonoor leontien leonardo leopold leslie lex lian lianne lidewij lidy lieke lien
    lies liesbeth lieselot liesje lieve lieven lilian liliane lina linda lindsay lineke linsey lisa
    lisanne lisbeth lise lisette lizzy lodewijk loek loes lonneke lotte lou louis louisa louise lourens
    lowie loïc loic luc luca lucas lucia lucie lucien lucienne lucy ludo ludwig luigi luis luise
    lukas luke luna luuk lydia lyke lyn lynn maaike maarten maartje machiel machteld madelief madeleine
    magda magdalena mahmoud malika malou manon manuel marc marcel marcella marco marcus maren margaret
    margo margot margreet margriet marga margje maria mariam marian marianne mariano marie marieke
    mariël marielle mariëlle marij marije marijke marijn marijne marika marike marina marinka marinus
    mario marion maris mariska marissa marit marita marjan marjanne marjo marjolein marjolijn marjon
    mark marko markus marleen marlene marlies marlijn marlon marloes marlou marnix marre martha marthe
    martien martijn martin martina martine martinus marten marvin mary maryam mascha mathias mathieu
    mathijs mathilde matteo matthew matthias matthieu matthijs maud maurice maurits max maxime
    maximiliaan medard mees megan mehmet meike meindert meine meinte melanie melissa melle
    melvin menno menzo merel merijn merlijn mia michael michaël michaela michel michele michelle
    michiel mick mieke mien miep miguel mike mikael miklos milan mila milou mina minke mira miranda
    miriam mirjam mirte mirthe mitchell mohamed mohammad mohammed mona monica monika monique
    mostafa mourad muhammad murat mustafa mustapha myriam myrthe nadia nadine nadja naima nancy nanda
    nanette nanne naomi natalie natalia natascha natasja nathalie nathan neal neeltje nel nele nelie
    nelleke nellie nelly nicholas nick nicky nico nicola nicolaas nicolas nicole nicolette niek niels
    nienke nikita nikki nikolaas nikolaj nils nina nine niki noa noah noël noel noor noortje nora norbert
    norman nynke odette oege oeds okke olaf olav olga oliver olivia olivier omar omer onno oscar oskar
    oswald otto paola pascal pascale pasquale patricia patrick patty paul paula paulien paulina pauline
    paulus pedro peer peggy pepijn perry peter petra philip philippe phil pia pien pier pierre piet pieter
    pieternel pietje pim pleun pol priscilla quinten quirijn rachel rachid rafael ragnar raf rainer ralf
    ralph ramon randy raoul raphael rashid raymond rebecca rebekka redouan regina reimer rein reinder
    reinier reinout reint remco remi remke remko renata renate rené rene renée renee renske reyer
    riad ria rian rianne ric ricardo richard rick rico riekje riemer rien rienk rik rika rikkert
    rina rinke rinse rinske rinus rita rob robbert robbie robby robert roberta roberto robin rocco rochus
    roderick rodney roel roeland roelf roelie roelof roger rogier rolf roland rolien rolinda roman
    romain romana romy ron ronald ronnie ronny rosa rosalie rosanne rosemarie rosita roy ruben rudi
    rudolf rudy rutger ruth ruud ryan saartje sabina sabine sabrina sacha said saïd salima sam samantha
    samir samira samuel sander sandra sanne sara sarah sascha saskia sean sebastiaan sebastian selma
    sem serge sergio seth severine shirley sharon sheila sible siebe siebren siebrand siem siemon
    siepie sieta sietse sietske sigrid silke silvia simon simone sina sipke sjaak sjaan sjak sjef sjoerd
    sjoerdtje sjoukje sjors sofie sofia sonja sophia sophie sonia souad soufiane stan stef stefaan stefan
    stefanie steffen steffie stella stephan stephanie stephen steven steve stijn sue suzan suzanna
    suzanne susan susanna susanne sven svenja swaantje sybe sybren syb sybrand sylvain sylvana sylvester
    sylvia sylvie taco tamara tanja tara taeke tariq ted teddy tess tessa teun teunis teus theo theodoor
    theodora therese theresa theresia thea thierry thijs thomas thorsten tiago tibor tiemen tieme tijl
    tijmen tijn tijs tim timo timothy tine tineke tina titia tjaart tjalling tjebbe tjeerd tjerk tjitske
    tjitte tobias toby tom tomas tommy ton tonnie tonny toon toos toshi trees trijntje trudy truus tuur
    twan tycho uli ulrich ulrike ursula valentijn valerie vanessa vera veerle victor vincent viola vivian
    vivianne volkert wander wanda wannes wendelin wendy wencke werner wesley wessel wiebe wiebke wiebren
    wieger wieke wieneke wies wietse wietske wijnand wijbren wil wilbert wilco wilfred wilfried wilhelm
    wilhelmina willeke willem willemien willemijn william willie willy wilma wim wina winfried winnie wob
    wolfgang wolter wouter wout woutje wubbo wytse wytske xander xavier yara yasemin yasin yasmin
    yasmina yassin yentl yke yme ymkje yolanda yolande youri youssef yousra yusuf yvette yves yvo yvon
    yvonne zahra zeger zeynep zoe zoë zohra zwaantje
    """.split()
)
# "Willem II" is a club, "Jan van Nassau College" a school: called after a person, and none.
_CALLED_AFTER = re.compile(
    r"\b(?:[IVX]+|(?i:college|school|lyceum|museum|stichting|centrum|fonds|prijs|bokaal|toernooi))$"
)
_INITIAL = re.compile(r"(?:^|[\s.])[A-ZÀ-Þ]\.")
_FIRST = re.compile(r"[^\W\d_]+")


def is_called_so(name: str) -> bool:
    """Tell whether *name* is one that people have: one that begins with what they are called or has
    an initial, and is set as theirs.
    """
    first = _FIRST.match(name)
    is_given = first is not None and first[0].lower() in _GIVEN
    is_called = is_given or bool(_INITIAL.search(name))
    return is_called and is_person(name) and not _CALLED_AFTER.search(name)
