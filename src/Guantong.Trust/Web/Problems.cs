using Guantong.Packs;
using Microsoft.AspNetCore.Builder;
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
        Results.Problem(detail: Say(Lang.Of(http), code, args), statusCode: status, title: Title(Lang.Of(http), status),
            type: $"https://guantong.dev/problems/{code}", extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>A problem with faults by field.</summary>
    public static IResult FieldProblem(this HttpContext http, IReadOnlyDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors.ToDictionary(), detail: Sentences.Say(Lang.Of(http), "problem.fields"), statusCode: 422, title: Sentences.Say(Lang.Of(http), "status.422"),
            type: "https://guantong.dev/problems/fields");

    /// <summary>What a status means, in a language.</summary>
    public static string Title(string lang, int status) => Sentences.Say(lang, $"status.{status}");

    /// <summary>A sentence by its code in a language, for pages. Roles and acts among what fills it are named in that language.</summary>
    public static string Say(string lang, string code, params object?[] args) =>
        Sentences.Say(lang, "problem." + code, [.. args.Select(a => a switch { Role role => role.Say(lang), Act act => act.Say(lang), _ => a })]);

    /// <summary>The problem of a refusal.</summary>
    public static IResult Problem(this HttpContext http, RefusedException refusal) => http.Problem(refusal.Status, refusal.Code, [.. refusal.Args]);

    /// <summary>Answers refusals that endpoints meet as problems.</summary>
    public static T TellsRefusals<T>(this T endpoints) where T : IEndpointConventionBuilder => endpoints.AddEndpointFilter(async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (RefusedException refusal)
        {
            return context.HttpContext.Problem(refusal);
        }
    });
}

/// <summary>What was asked for cannot be done as things stand; nothing was changed.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Its sentence stands under <c>problem.code</c>.</param>
/// <param name="args">What fills the sentence.</param>
public sealed class RefusedException(int status, string code, params object?[] args) : Exception(code)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable kebab-case id.</summary>
    public string Code { get; } = code;

    /// <summary>What fills the sentence.</summary>
    public IReadOnlyList<object?> Args { get; } = args;

    /// <summary>The sentence in a reader's language.</summary>
    public string Say(string lang) => Problems.Say(lang, Code, [.. Args]);
}
