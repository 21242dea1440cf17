using System.Text;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Guantong.Trust;

/// <summary>A line of the matrix: what can be called, the acts that it needs, and what they say to each role.</summary>
/// <param name="Kind">api, page, files, other or command.</param>
/// <param name="Name">Method and path, or a command.</param>
/// <param name="Acts">None where it is not declared, and shut.</param>
/// <param name="Cells">By role, in the book's order: yes, if (on a condition) or no.</param>
public sealed record MatrixLine(string Kind, string Name, IReadOnlyList<string> Acts, IReadOnlyList<string> Cells);

/// <summary>Everything that can be called × every role, from the running application.</summary>
public static class PolicyMatrix
{
    private static readonly string[] Kinds = ["page", "api", "files", "other", "command"];

    /// <summary>The lines of what is mapped; the browser's files as one.</summary>
    public static IReadOnlyList<MatrixLine> Of(IEnumerable<Endpoint> endpoints) =>
        [.. endpoints.OfType<RouteEndpoint>().Select(e => Line(KindOf(e), NameOf(e), e.Acts())).GroupBy(l => (l.Kind, l.Name, Acts: string.Join(' ', l.Acts)), (_, same) => same.First())
            .OrderBy(l => Array.IndexOf(Kinds, l.Kind)).ThenBy(l => l.Name.Split(' ')[^1], StringComparer.Ordinal).ThenBy(l => l.Name, StringComparer.Ordinal)];

    /// <summary>A line for whatever needs some acts.</summary>
    public static MatrixLine Line(string kind, string name, IReadOnlyList<string> acts)
    {
        var who = acts.Select(a => Policy.Book.Find(a) is { } act ? Policy.Book.Who(act).ToDictionary(w => w.Role.Id, w => w.IsConditional) : []).ToList();
        return new MatrixLine(kind, name, acts, [.. Policy.Book.Roles.Select(r =>
            acts.Count == 0 || !who.TrueForAll(w => w.ContainsKey(r.Id)) ? "no" : who.Exists(w => w[r.Id]) ? "if" : "yes")]);
    }

    /// <summary>The matrix as Markdown, in English, for the repository.</summary>
    public static string Markdown(IReadOnlyList<MatrixLine> lines)
    {
        var text = new StringBuilder("# Who may do what\n\nMade by `guantong matrix` from the running application and `src/Guantong.Trust/Policy/policy.yaml`; a test calls each endpoint as each role and holds this page against it.\n");
        text.Append("● may · ◐ may, on a condition that is judged by what it is done to · blank: refused. Who has several roles may do what any of them may.\n");
        foreach (var kind in Kinds)
        {
            var these = lines.Where(l => l.Kind == kind).ToList();
            if (these.Count == 0)
                continue;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {Heading(kind)}\n\n| | act |");
            foreach (var role in Policy.Book.Roles)
                text.Append(' ').Append(role.En).Append(" |");
            text.Append("\n|---|---|").Insert(text.Length, "---|", Policy.Book.Roles.Count).Append('\n');
            foreach (var line in these)
            {
                text.Append("| `").Append(line.Name).Append("` | ").AppendJoin(", ", line.Acts).Append(" |");
                foreach (var cell in line.Cells)
                    text.Append(cell switch { "yes" => " ● |", "if" => " ◐ |", _ => " |" });
                text.Append('\n');
            }
        }
        static string Named(IEnumerable<string> roles) => string.Join(", ", roles.Select(r => Policy.Book.Role(r)!.En));
        text.Append("\n## Acts\n\n| act | | dangerous | four eyes: another person agrees, who is |\n|---|---|---|---|\n");
        foreach (var act in Policy.Book.Acts)
            text.Append("| ").Append(act.Id).Append(" | ").Append(act.Zh).Append(" · ").Append(act.En).Append(act.IsDangerous ? " | yes |" : " | |").Append(act.FourEyes.Count > 0 ? $" {Named(act.FourEyes)} |\n" : " |\n");
        text.Append("\n## Roles for a time\n\n| role | asked for by | hours at most | agreed to by another who is |\n|---|---|---|---|\n");
        foreach (var rule in Policy.Book.Elevations)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {Named([rule.Role])} | {Named(rule.Who)} | {rule.Longest.TotalHours} | {Named(rule.FourEyes)} |\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## Recertification\n\nA role that is not confirmed within {Policy.Book.Recertify.Grace.TotalDays} days after it is due does not count until it is.\n\n| roles | every … days | confirmed by |\n|---|---|---|\n");
        foreach (var rule in Policy.Book.Recertify.Rules)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {Named(rule.Roles)} | {rule.Every.TotalDays} | {string.Join(", ", Policy.Book.Roles.SelectMany(r => rule.By.Where(g => (g.Roles & Policy.Book.Bit(r.Id)) != 0).Select(g => r.En + (g.OwnUnit ? " of the unit" : ""))))} |\n");
        text.Append("\nTwo people give these roles, and none is given by a program: ").Append(Named(Policy.Book.Guarded)).Append(".\n");
        text.Append("\nNobody holds two of these roles, counting account, posts and what is held for a time: ").AppendJoin("; ", Policy.Book.Separated.Select(Named)).Append(".\n");
        return text.ToString();
    }

    private static string Heading(string kind) => kind switch { "page" => "Pages", "api" => "API", "files" => "Files of the browser", "command" => "Commands (run as the operator of the machine)", _ => "Others" };

    private static string KindOf(RouteEndpoint endpoint) =>
        IsFile(endpoint) ? "files"
        : PathOf(endpoint).StartsWith("/api/v1", StringComparison.Ordinal) ? "api"
        : endpoint.Metadata.OfType<ComponentTypeMetadata>().Any() ? "page"
        : PathOf(endpoint) is var path && (path.StartsWith("/_", StringComparison.Ordinal) || path.StartsWith("/api", StringComparison.Ordinal) || path is "/health") ? "other" : "page";

    private static string NameOf(RouteEndpoint endpoint) => IsFile(endpoint) ? "GET /…"
        : $"{string.Join(' ', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Where(m => m != "HEAD") is { } methods && methods.Any() ? methods : ["ANY"])} {PathOf(endpoint)}";

    /// <summary>Whether an endpoint is a file of the browser.</summary>
    public static bool IsFile(Endpoint endpoint) => endpoint.Metadata.OfType<StaticAssetDescriptor>().Any();

    /// <summary>An endpoint's path as it was mapped.</summary>
    public static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
}
