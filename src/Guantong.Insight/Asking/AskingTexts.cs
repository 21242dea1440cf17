using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Http;

namespace Guantong.Insight;

/// <summary>The sentences of asking.</summary>
public static class AskingTexts
{
    private static readonly Texts Sentences = Texts.Of(typeof(AskingTexts).Assembly);

    /// <summary>A sentence in a reader's language.</summary>
    public static string Say(string lang, string key, params object?[] args) => Sentences.Say(lang, key, args);

    /// <summary>What a refusal says, here or in words that all rooms share.</summary>
    public static string Say(string lang, RefusedException refusal) => Sentences.Has("problem." + refusal.Code) ? Sentences.Say(lang, "problem." + refusal.Code, [.. refusal.Args.Select(a => a is SqlRefusal sql ? sql.Say(lang) : a)]) : refusal.Say(lang);

    /// <summary>A problem in this room's words.</summary>
    internal static IResult AskProblem(this HttpContext http, int status, string code, params object?[] args) => Told(http, status, code, Say(Lang.Of(http), "problem." + code, args));

    private static IResult Told(HttpContext http, int status, string code, string sentence) => Results.Problem(detail: sentence, statusCode: status,
        title: Problems.Title(Lang.Of(http), status), type: $"https://guantong.dev/problems/{code}", extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>Acts; what is refused becomes a problem.</summary>
    internal static async Task<IResult> ActAsync(HttpContext http, Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (RefusedException e)
        {
            return Sentences.Has("problem." + e.Code) ? Told(http, e.Status, e.Code, Say(Lang.Of(http), e)) : http.Problem(e);
        }
    }
}
