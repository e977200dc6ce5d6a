package generalize

// rank orders the products that one header names: a browser names those that
// it wants to be taken for, too, and a crawler a browser. The lowest counts.
type rank uint8

const (
	crawler  rank = iota // says so in place of a browser's name
	headless             // Chrome that nobody sits in front of
	derived              // browsers on another one's engine, which they name as well
	chrome               // names Safari as well
	firefox
	safari // names nobody else; its version stands behind Version/
	legacy // Internet Explorer
	library
	transport // what a library sends with

	unranked
)

// product is what a word of the header stands for.
type product struct {
	name string
	rank rank
}

// products are the words that a User-Agent header tells its software by. No
// other name leaves UserAgent, so each must be one that thousands share.
// Names stand here as words of their own, so that UserAgent knows its own output.
var products = map[string]product{
	"Googlebot": {"Googlebot", crawler}, "Googlebot-Image": {"Googlebot", crawler}, "AdsBot-Google": {"AdsBot-Google", crawler},
	"GoogleOther": {"GoogleOther", crawler}, "bingbot": {"bingbot", crawler}, "Applebot": {"Applebot", crawler},
	"YandexBot": {"YandexBot", crawler}, "Baiduspider": {"Baiduspider", crawler}, "DuckDuckBot": {"DuckDuckBot", crawler},
	"AhrefsBot": {"AhrefsBot", crawler}, "SemrushBot": {"SemrushBot", crawler}, "PetalBot": {"PetalBot", crawler},
	"Bytespider": {"Bytespider", crawler}, "Amazonbot": {"Amazonbot", crawler}, "GPTBot": {"GPTBot", crawler},
	"ClaudeBot": {"ClaudeBot", crawler}, "facebookexternalhit": {"facebookexternalhit", crawler},
	"Twitterbot": {"Twitterbot", crawler}, "LinkedInBot": {"LinkedInBot", crawler}, "Discordbot": {"Discordbot", crawler},
	"Slackbot": {"Slackbot", crawler}, "Slackbot-LinkExpanding": {"Slackbot", crawler}, "TelegramBot": {"TelegramBot", crawler},
	"UptimeRobot": {"UptimeRobot", crawler}, "ELB-HealthChecker": {"ELB-HealthChecker", crawler}, "kube-probe": {"kube-probe", crawler},
	"GoogleHC": {"GoogleHC", crawler}, "Prometheus": {"Prometheus", crawler},

	"HeadlessChrome": {"HeadlessChrome", headless}, "PhantomJS": {"PhantomJS", headless},

	"Edg": {"Edge", derived}, "EdgA": {"Edge", derived}, "EdgiOS": {"Edge", derived}, "Edge": {"Edge", derived},
	"OPR": {"Opera", derived}, "OPT": {"Opera", derived}, "OPiOS": {"Opera", derived}, "Opera": {"Opera", derived},
	"SamsungBrowser": {"Samsung Internet", derived}, "Samsung Internet": {"Samsung Internet", derived},
	"Vivaldi": {"Vivaldi", derived}, "YaBrowser": {"Yandex Browser", derived}, "Yandex Browser": {"Yandex Browser", derived},
	"UCBrowser": {"UC Browser", derived}, "UC Browser": {"UC Browser", derived}, "DuckDuckGo": {"DuckDuckGo", derived},
	"Silk": {"Silk", derived}, "Electron": {"Electron", derived},

	"Chrome": {"Chrome", chrome}, "CriOS": {"Chrome", chrome}, "Chromium": {"Chromium", chrome},
	"Firefox": {"Firefox", firefox}, "FxiOS": {"Firefox", firefox},
	"Safari": {"Safari", safari},
	"MSIE":   {"IE", legacy}, "Trident": {"IE", legacy}, "IE": {"IE", legacy},

	"okhttp": {"okhttp", library}, "Go-http-client": {"Go-http-client", library}, "curl": {"curl", library},
	"Wget": {"Wget", library}, "HTTPie": {"HTTPie", library}, "PostmanRuntime": {"PostmanRuntime", library},
	"insomnia": {"insomnia", library}, "python-requests": {"python-requests", library}, "python-httpx": {"python-httpx", library},
	"python-urllib3": {"python-urllib3", library}, "Python-urllib": {"Python-urllib", library}, "aiohttp": {"aiohttp", library},
	"axios": {"axios", library}, "node-fetch": {"node-fetch", library}, "undici": {"undici", library},
	"Apache-HttpClient": {"Apache-HttpClient", library}, "Faraday": {"Faraday", library}, "GuzzleHttp": {"GuzzleHttp", library},
	"libwww-perl": {"libwww-perl", library}, "Alamofire": {"Alamofire", library}, "Dart": {"Dart", library},

	"Java": {"Java", transport}, "Python": {"Python", transport}, "Ruby": {"Ruby", transport},
	"CFNetwork": {"CFNetwork", transport}, "Dalvik": {"Dalvik", transport},
}
