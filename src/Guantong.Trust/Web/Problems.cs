using Guantong.Packs;
using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>Errors of the API as problem+json (RFC 9457), in the caller's language, with the mend.</summary>
public static class Problems
{
    private static readonly Texts Sentences = Texts.Of(typeof(Problems).Assembly);

    /// <summary>A problem.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Stable kebab-case id; its sentence stands under <c>problem.code</c>.</param>
    /// <param name="args">What fills the sentence.</param>
    public static IResult Problem(this HttpContext http, int status, string code, params object?[] args) =>
        Results.Problem(detail: Sentences.Say(Lang.Of(http), "problem." + code, args), statusCode: status, title: Title(Lang.Of(http), status),
            type: $"https://guantong.dev/problems/{code}", extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>A problem with faults by field.</summary>
    public static IResult FieldProblem(this HttpContext http, IReadOnlyDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors.ToDictionary(), detail: Sentences.Say(Lang.Of(http), "problem.fields"), statusCode: 422, title: Sentences.Say(Lang.Of(http), "status.422"),
            type: "https://guantong.dev/problems/fields");

    /// <summary>What a status means, in a language.</summary>
    public static string Title(string lang, int status) => Sentences.Say(lang, $"status.{status}");

    /// <summary>A sentence by its code in a language, for pages.</summary>
    public static string Say(string lang, string code, params object?[] args) => Sentences.Say(lang, "problem." + code, args);
}
