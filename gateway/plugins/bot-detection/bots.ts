/** Crawlers, scrapers and download libraries, by how they name themselves in User-Agent. */

/** Clients of storage in the cloud, and a preview fetcher: these need a version with a minor number behind them. */
const MINOR_VERSIONED = [
  ...['facebookexternalhit', '\\bBoto3?', '\\bJetS3t', '\\bs3fs', '\\baws-cli'],
  ...['\\baws-sdk-(?:cpp|go|java|nodejs|ruby2?)', '\\baws-sdk-dotnet-(?:\\d{1,2}|core)'],
]

/** Names that need a version behind them. */
const VERSIONED = [
  ...['008', 'Altresium', 'Argus', 'BaiduMobaider', 'BoardReader', 'DNSGroup'],
  ...['DataparkSearch', 'EDI', 'Goodzer', 'Grub', 'INGRID', 'Infohelfer', 'LinkedInBot', 'LOOQ', 'Nutch', 'OgScrper'],
  ...['PathDefender', 'Peew', 'PostPost', 'Steeler', 'VSE', 'WebCrunch', 'WebZIP', 'Y!J-BR[A-Z]', 'YahooSeeker'],
  ...['envolk', 'sproose', 'wminer'],
]

/** Libraries and tools that fetch without a person in front of them. */
const FETCHERS = [
  ...['Google-HTTP-Java-Client', 'Apache-HttpClient', 'Go-http-client', 'scalaj-http', 'http%20client'],
  ...['Python-urllib', 'HttpMonitor', 'TLSProber', 'WinHTTP', 'JNLP', 'okhttp', 'aihttp', 'reqwest', 'axios'],
  ...['unirest-(?:java|python|ruby|nodejs|php|net)'],
]

/** Names that give a bot away wherever they stand. */
const NAMED = [
  ...[
    'BotName\\/\\$BotVersion',
    'CSimpleSpider',
    'Cityreview Robot',
    'CrawlDaddy',
    'CrawlFire',
    'Finderbots',
    'Index crawler',
    'Job Roboter',
  ],
  ...['KiwiStatus Spider', 'Lijit Crawler', 'QuerySeekerSpider', 'ScollSpider', 'Trends Crawler', 'USyd-NLP-Spider'],
  ...['SiteCat Webbot', '123metaspider-Bot', '1470\\.net crawler', '50\\.nu', '8bo Crawler Bot', 'Aboundex'],
  ...['Accoona-[A-z]+-Agent', 'AdsBot-Google', 'altavista', 'AppEngine-Google', 'archive.{0,30}\\.org_bot', 'archiver'],
  ...['Ask Jeeves', '[Bb]ai[Dd]u[Ss]pider-', 'bingbot', 'BingPreview', 'blitzbot', 'BlogBridge', 'Bloglovin'],
  ...['BoardReader Blog Indexer', 'BoardReader Favicon Fetcher', 'boitho.com-dc', 'BotSeer', 'BUbiNG', 'favicon'],
  ...['\\bYeti', 'Catchpoint', '[Cc]harlotte', 'Checklinks', 'clumboot', 'Comodo HTTP\\(S\\) Crawler'],
  ...[
    'Comodo-Webinspector-Crawler',
    'ConveraCrawler',
    'CRAWL-E',
    'CrawlConvera',
    'Daumoa',
    'Feed Seeker Bot',
    'Feedbin',
  ],
  ...['findlinks', 'Flamingo_SearchEngine', 'FollowSite Bot', 'furlbot', 'Genieo', 'gigabot', 'GomezAgent', 'gonzo1'],
  ...['Googlebot', 'Google SketchUp', 'grub-client', 'gsa-crawler', 'heritrix', 'HiddenMarket', 'holmes', 'HooWWWer'],
  ...['htdig', 'ia_archiver', 'ICC-Crawler', 'Icarus6j', 'ichiro', 'IconSurf', 'IlTrovatore', 'InfuzApp'],
  ...[
    'Innovazion Crawler',
    'InternetArchive',
    'IP2[a-z]{1,30}Bot',
    'jbot\\b',
    'KaloogaBot',
    'Kraken',
    'Kurzor',
    'larbin',
  ],
  ...['LEIA', 'LesnikBot', 'Linguee Bot', 'LinkAider', 'LinkedInBot', 'Lite Bot', 'Llaut', 'lycos', 'Mail\\.RU_Bot'],
  ...['masscan', 'masidani_bot', 'Mediapartners-Google', 'Microsoft .{0,30} Bot', 'mogimogi', 'mozDex', 'MJ12bot'],
  ...['msnbot', 'msrbot', 'Mtps Feed Aggregation System', 'netresearch', 'Netvibes', 'NewsGator', '^NING', 'Nutch'],
  ...['Nymesis', 'ObjectsSearch', 'OgScrper', 'Orbiter', 'OOZBOT', 'PagePeeker', 'PagesInventory', 'PaxleFramework'],
  ...['Peeplo Screenshot Bot', 'PlantyNet_WebRobot', 'Pompos', 'Qwantify', 'Read%20Later', 'Reaper', 'RedCarpet'],
  ...[
    'Retreiver',
    'Riddler',
    'Rival IQ',
    'scooter',
    'Scrapy',
    'Scrubby',
    'searchsight',
    'seekbot',
    'semanticdiscovery',
  ],
  ...[
    'SemrushBot',
    'Simpy',
    'SimplePie',
    'SEOstats',
    'SimpleRSS',
    'SiteCon',
    'Slackbot-LinkExpanding',
    'Slack-ImgProxy',
  ],
  ...['Slurp', 'snappy', 'Speedy Spider', 'Squrl Java', 'Stringer', 'TheUsefulbot', 'ThumbShotsBot', 'Thumbshots\\.ru'],
  ...[
    'Tiny Tiny RSS',
    'Twitterbot',
    'WhatsApp',
    'URL2PNG',
    'Vagabondo',
    'VoilaBot',
    '^vortex',
    'Votay bot',
    '^voyager',
  ],
  ...['WASALive.Bot', 'Web-sniffer', 'WebThumb', 'WeSEE:[A-z]', 'WhatWeb', 'WIRE', 'WordPress', 'Wotbox'],
  ...['www\\.almaden\\.ibm\\.com', 'Xenu(?:.s)? Link Sleuth', 'Xerka [A-z]+Bot', 'yacy', 'YahooSeeker', 'Yandex\\w'],
  ...['YodaoBot', 'YottaaMonitor', 'Yowedo', '^Zao', 'ZeBot_www\\.ze\\.bz', 'ZooShot', 'ZyBorg'],
]

const any = (names: readonly string[]) => `(?:${names.join('|')})`

export const BOTS: readonly RegExp[] = [
  new RegExp(`${any(MINOR_VERSIONED)}/\\d+\\.\\d+`),
  new RegExp(`\\b${any(VERSIONED)}/\\d+`),
  new RegExp(any(FETCHERS)),
  new RegExp(any(NAMED)),
  /Pingdom\.com_bot_version_\d+\.\d+/,
  /Google.*\/\+\/web\/snippet/,
  / PTST\/\d+\.?\d+$/,
  /MSIE \d+\.\d+[a-z]?\d?;.* MSIECrawler/,
  /\/(?:[A-z]+[Bb]ot|[A-z]+[Ss]pider|Axtaris|fetchurl|Isara|ShopSalad|Tailsweep)[ -]\d+/,
  // Whatever calls itself a bot, indexer or the like and has a version.
  /(?:[Aa]rchiver|[Ii]ndexer|[Ss]craper|[Bb]ot|[Ss]pider|[Cc]rawl[a-z]{0,50})[/ ]\d+/,
  /[Ss][Pp][Ii][Dd][Ee][Rr]|[Ss]crape|[Cc][Rr][Aa][Ww][Ll]/,
]
