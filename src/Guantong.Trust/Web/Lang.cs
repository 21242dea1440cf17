using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>The reader's language: zh-CN unless they chose English.</summary>
public static class Lang
{
    /// <summary>The cookie that remembers the choice.</summary>
    public const string Cookie = "lang";

    /// <summary>Chinese.</summary>
    public const string Zh = "zh-CN";

    /// <summary>English.</summary>
    public const string En = "en";

    /// <summary>The language of a request: ?lang=, then the cookie, then (for the API alone) Accept-Language, else Chinese.</summary>
    public static string Of(HttpContext http)
    {
        var said = http.Request.Query["lang"].ToString();
        if (said.Length == 0)
            said = http.Request.Cookies[Cookie] ?? "";
        if (said.Length == 0 && http.Request.Path.StartsWithSegments("/api"))
            said = http.Request.Headers.AcceptLanguage.ToString();
        return said.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? En : Zh;
    }
}
