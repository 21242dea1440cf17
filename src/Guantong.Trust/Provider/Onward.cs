using Microsoft.AspNetCore.Http;

namespace Guantong.Trust.Provider;

/// <summary>Sends a browser on from a form of ours to where it came from.</summary>
public static class Onward
{
    /// <summary>To a path of this site.</summary>
    /// <remarks>What asks the provider goes on to another program, and browsers count redirects as part of a form's way (CSP 3, form-action): there a page ends that way and goes on by itself.</remarks>
    public static IResult To(HttpContext http, string path)
    {
        if (!path.StartsWith("/connect/", StringComparison.Ordinal))
            return Results.LocalRedirect(Plain(path));
        var page = Page.Of(http, "onward.title");
        return page.Text(page.Say("onward.text")).Link(path, page.Say("onward.go")).Result(onward: path);
    }

    /// <summary>A path as a header may hold it: what is not ASCII is escaped (RFC 3986 §2.1).</summary>
    public static string Plain(string path) => string.Concat(path.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));
}
