using System.Net;
using System.Text;
using Guantong.Packs;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guantong.Trust.Provider;

/// <summary>The provider's few pages: plain HTML without script, in Chinese or English.</summary>
internal sealed class Page(HttpContext http, string title)
{
    /// <summary>Where the pages' style stands.</summary>
    public const string StylePath = "/connect/page.css";

    private static readonly Texts Sentences = Texts.Of(typeof(Page).Assembly);
    private readonly StringBuilder _body = new();
    private string _goesTo = "";

    public string Language { get; } = Lang.Of(http);

    public string Say(string key, params object?[] args) => Sentences.Say(Language, "openid." + key, args);

    /// <summary>What a scope lets a client do, in words.</summary>
    public string Scope(string scope) => Scopes.Say(Language, scope);

    public Page Text(string text)
    {
        _body.Append("<p>").Append(Safe(text)).Append("</p>\n");
        return this;
    }

    public Page Alert(string text)
    {
        _body.Append("<p role=\"alert\" class=\"fault\">").Append(Safe(text)).Append("</p>\n");
        return this;
    }

    public Page List(IEnumerable<string> items)
    {
        _body.Append("<ul>").AppendJoin("", items.Select(i => $"<li>{Safe(i)}</li>")).Append("</ul>\n");
        return this;
    }

    public Page Link(string to, string text)
    {
        _body.Append("<p><a href=\"").Append(Safe(to)).Append("\">").Append(Safe(text)).Append("</a></p>\n");
        return this;
    }

    /// <summary>Lets the answer to the page's form send the browser on to an address, which has been checked: CSP counts redirects as part of the form's way.</summary>
    public Page GoesOnTo(string? address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri))
            _goesTo = " " + (uri.Scheme is "https" or "http" ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":");
        return this;
    }

    /// <summary>A form that carries hidden values, perhaps a field, and answers by one of its buttons.</summary>
    public Page Form(string action, IEnumerable<KeyValuePair<string, StringValues>> hidden, (string Name, string Label, string Value)? field, params (string Name, string Value, string Label)[] buttons)
    {
        var forgery = ((IAntiforgery)http.RequestServices.GetService(typeof(IAntiforgery))!).GetAndStoreTokens(http);
        _body.Append("<form method=\"post\" action=\"").Append(Safe(action)).Append("\">\n");
        foreach (var (name, values) in hidden.Append(new(forgery.FormFieldName, forgery.RequestToken)))
            foreach (var value in values)
                _body.Append("<input type=\"hidden\" name=\"").Append(Safe(name)).Append("\" value=\"").Append(Safe(value ?? "")).Append("\">\n");
        if (field is var (fieldName, label, given))
            _body.Append("<label for=\"field\">").Append(Safe(label)).Append("</label>\n<input id=\"field\" name=\"").Append(Safe(fieldName)).Append("\" value=\"").Append(Safe(given)).Append("\" autocomplete=\"off\" required maxlength=\"40\">\n");
        foreach (var (name, value, text) in buttons)
            _body.Append("<button name=\"").Append(Safe(name)).Append("\" value=\"").Append(Safe(value)).Append("\">").Append(Safe(text)).Append("</button>\n");
        _body.Append("</form>\n");
        return this;
    }

    public IResult Result(int status = 200, string? onward = null)
    {
        // RFC 9700 §4.16: nobody frames a page on which people decide; it is nobody else's to keep either.
        http.Response.Headers.XFrameOptions = "DENY";
        http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'{_goesTo}; frame-ancestors 'none'";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text($"""
            <!doctype html>
            <html lang="{Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Safe(title)} · {Safe(Say("site"))}</title>
            <link rel="stylesheet" href="{StylePath}">{(onward is null ? "" : $"\n<meta http-equiv=\"refresh\" content=\"0; url={Safe(onward)}\">")}
            </head>
            <body>
            <main>
            <h1>{Safe(title)}</h1>
            {_body}</main>
            </body>
            </html>
            """, "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    public static Page Of(HttpContext http, string titleKey, params object?[] args) => new(http, Sentences.Say(Lang.Of(http), "openid." + titleKey, args));

    public static string Style()
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream("page.css")!);
        return reader.ReadToEnd();
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
