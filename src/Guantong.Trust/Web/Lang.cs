using Guantong.Packs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>The reader's language: zh-CN unless they chose another.</summary>
public static class Lang
{
    /// <summary>The cookie that remembers the choice.</summary>
    public const string Cookie = "lang";

    /// <summary>Chinese.</summary>
    public const string Zh = "zh-CN";

    /// <summary>English.</summary>
    public const string En = "en";

    /// <summary>The language of a request: ?lang=, then the cookie, then (for the API alone) Accept-Language, else Chinese; a language beside Chinese and English where its file is there.</summary>
    public static string Of(HttpContext http)
    {
        var said = http.Request.Query["lang"].ToString();
        if (said.Length == 0)
            said = http.Request.Cookies[Cookie] ?? "";
        if (said.Length == 0 && http.Request.Path.StartsWithSegments("/api"))
            said = http.Request.Headers.AcceptLanguage.ToString();
        return Read(said, http);
    }

    /// <summary>One of the languages that there are; Chinese where it is none.</summary>
    public static string Read(string? said, HttpContext http) => string.IsNullOrEmpty(said) || said.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh
        : said.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? En
        : http.Languages().Find(said.Split(',', ';')[0])?.Code ?? Zh;

    /// <summary>Those beside Chinese and English.</summary>
    public static Languages Languages(this HttpContext http) => http.RequestServices?.GetService<Languages>() ?? Packs.Languages.None;
}
