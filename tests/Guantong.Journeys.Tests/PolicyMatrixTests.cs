using System.Net;
using System.Net.Http.Json;
using System.Text;
using Guantong.Commands;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>Everything that can be called × every role: declared, written down, and so when it is called.</summary>
public sealed class PolicyMatrixTests
{
    private static List<RouteEndpoint> Endpoints(RunningPlatform platform) =>
        [.. platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()];

    [Fact]
    public async Task Every_endpoint_page_and_command_names_an_act()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var endpoints = Endpoints(platform);
        Assert.InRange(endpoints.Count(e => !PolicyMatrix.IsFile(e)), 100, 1000);
        Assert.Empty(endpoints.Where(e => e.Acts().Count == 0).Select(e => e.DisplayName));
        // What lets in whoever comes passes the gate by (the API reference's own files do): it must be everybody's by the policy too.
        Assert.Empty(endpoints.Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null
            && PolicyMatrix.Line("", "", e.Acts()).Cells.Any(c => c != "yes")).Select(e => e.DisplayName));
        Assert.Empty(Commands.Commands.All().Where(c => Commands.Commands.ActOf(c) is null).Select(c => c.Name));
        // Nor is an act declared that nothing does, save those that are judged within.
        string[] within = ["case.oversee", "task.urge", "task.await", "escalation.answer", "people.empower", "client.empower", "dataset.read-unshared"];
        var done = endpoints.SelectMany(e => e.Acts()).Concat(Commands.Commands.All().Select(c => Commands.Commands.ActOf(c)!)).Concat(within).ToHashSet();
        Assert.Empty(Policy.Book.Acts.Select(a => a.Id).Except(done));
    }

    [Fact]
    public async Task The_matrix_in_the_docs_is_the_one_in_force()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var file = Path.Combine(Repository.Root, "docs", "policy-matrix.md");
        var now = PolicyMatrix.Markdown([.. PolicyMatrix.Of(Endpoints(platform)), .. MatrixCommand.Lines()]);
        if (Environment.GetEnvironmentVariable("GUANTONG_WRITE") == "1")
            await File.WriteAllTextAsync(file, now);
        Assert.True(now == await File.ReadAllTextAsync(file), "docs/policy-matrix.md is not what `guantong matrix` prints; write it anew: guantong matrix > docs/policy-matrix.md");
    }

    [Fact]
    public async Task Each_endpoint_called_as_each_role_lets_in_and_refuses_as_declared()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var callers = await CallersAsync(platform);
        var sessions = platform.Services.GetRequiredService<Sessions>();
        Assert.InRange(callers.Count, 12, 60);
        var wrong = new List<string>();
        var calls = 0;
        foreach (var endpoint in Endpoints(platform).GroupBy(e => PolicyMatrix.IsFile(e) ? "file" : $"{e.Order} {e.DisplayName}").SelectMany(g => PolicyMatrix.IsFile(g.First()) ? g.Take(3) : g))
        {
            var cells = PolicyMatrix.Line("", "", endpoint.Acts()).Cells;
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"])
            {
                foreach (var (role, person, http) in callers)
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), Address(endpoint));
                    // A session for each call: signing out is among them.
                    if (person is not null)
                        request.Headers.Add("Cookie", "guantong=" + await sessions.StartAsync(person, Strength.Passkey, "test", cancel: TestContext.Current.CancellationToken));
                    // No body that would be accepted: policy is asked before it is read, and nothing is changed.
                    if (method is "POST" or "PUT" or "PATCH")
                        request.Content = new StringContent("", Encoding.UTF8, PolicyMatrix.PathOf(endpoint).StartsWith("/connect/", StringComparison.Ordinal) ? "application/x-www-form-urlencoded" : "application/json");
                    using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                    calls++;
                    var declared = cells[Policy.Book.Roles.Select(r => r.Id).ToList().IndexOf(role)] != "no";
                    if (await RefusedAsync(request, response) is var refused && (refused == declared || response.StatusCode >= HttpStatusCode.InternalServerError))
                        wrong.Add($"{method} {endpoint.RoutePattern.RawText} as {role}: declared {(declared ? "allowed" : "refused")} by {string.Join(", ", endpoint.Acts())}, answered {(int)response.StatusCode} {response.Headers.Location}");
                    if (refused && IsApi(endpoint) && (response.StatusCode != (role == PolicyBook.Anonymous ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden) || response.Content.Headers.ContentType?.MediaType != "application/problem+json"))
                        wrong.Add($"{method} {endpoint.RoutePattern.RawText} as {role}: refused as {(int)response.StatusCode} {response.Content.Headers.ContentType}");
                }
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {calls} calls:\n{string.Join('\n', wrong.Take(40))}");
        Assert.InRange(calls, 1200, 100_000);
        foreach (var (_, _, http) in callers)
            http.Dispose();
    }

    [Fact]
    public async Task An_endpoint_that_declares_nothing_is_shut_to_everybody_and_what_is_not_there_is_not_found()
    {
        var folder = Directory.CreateTempSubdirectory("guantong-policy-").FullName;
        await using var store = await Store.OpenAsync(Path.Combine(folder, "operations.db"), [TrustRoom.Migrations]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml"))).AddSingleton(TimeProvider.System).AddSingleton(store).AddTrust(folder);
        await using var app = builder.Build();
        app.Use(next => http =>
        {
            if (http.Request.Query["as"].ToString() is { Length: > 0 } role)
                http.User = Callers.Claims(new Person("p", "p", "p", "official", null, "", [role]));
            return next(http);
        });
        app.UseAuthorization();
        app.MapGet("/api/undeclared", () => "open");
        app.MapGet("/api/declared", () => "open").Needs("public.read");
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/undeclared")).StatusCode);
        foreach (var role in Policy.Book.Roles.Where(r => r.Id != PolicyBook.Anonymous))
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync($"/api/undeclared?as={role.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/declared")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/nothing")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync("/api/declared", null)).StatusCode);
        Assert.Throws<InvalidOperationException>(() => new NeedsAttribute("no.such"));
        await app.StopAsync();
    }

    [Theory, InlineData("zh-CN", "需要的角色：改革设计"), InlineData("en", "Needed: designer")]
    public async Task A_refusal_names_the_act_and_the_roles_that_may(string lang, string said)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var worker = await platform.SignInAsync("worker-ecology");
        worker.DefaultRequestHeaders.AcceptLanguage.ParseAdd(lang);
        var problem = await (await worker.PostAsJsonAsync("/api/v1/packs/apply", new { })).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        Assert.Equal("not-allowed", problem.GetProperty("code").GetString());
        Assert.Contains(said, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    // Whoever has one role and nothing else, signed in the way that this role signs in.
    private static async Task<IReadOnlyList<(string Role, Person? Person, HttpClient Http)>> CallersAsync(RunningPlatform platform)
    {
        var accounts = platform.Services.GetRequiredService<Accounts>();
        var people = Policy.Book.Roles.Where(r => r.Id is not (PolicyBook.Anonymous or "machine" or PolicyBook.Consumer))
            .Select(r => new Person("only-" + r.Id, "演示", "Demo", r.Id is "citizen" or "enterprise" ? r.Id : "official", "zj-ecology", "330000", [r.Id])).ToList();
        foreach (var person in people)
            Assert.True(await accounts.AddAsync(Policy.Operator, person, "kingfisher over the lake"));
        var callers = new List<(string, Person?, HttpClient)>();
        foreach (var role in Policy.Book.Roles)
        {
            var http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(platform.Address) };
            if (role.Id is "machine" or PolicyBook.Consumer)
                http.DefaultRequestHeaders.Add("X-API-Key", (await accounts.IssueKeyAsync(Policy.Operator, "matrix", role.Id == "machine" ? [] : [role.Id])).Key);
            callers.Add((role.Id, people.Find(p => p.Login == "only-" + role.Id), http));
        }
        return callers;
    }

    private static bool IsApi(RouteEndpoint endpoint) => PolicyMatrix.PathOf(endpoint).StartsWith("/api", StringComparison.Ordinal);

    // What an endpoint says itself once it is reached (no session, no fresh proof) is no refusal of the policy.
    private static async Task<bool> RefusedAsync(HttpRequestMessage request, HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && await response.Content.ReadAsStringAsync() is var said
            ? said.Contains("\"not-signed-in\"", StringComparison.Ordinal) || said.Contains("\"not-allowed\"", StringComparison.Ordinal) || said.Contains("the scope scim", StringComparison.OrdinalIgnoreCase)
            : response.StatusCode == HttpStatusCode.Redirect && response.Headers.Location?.OriginalString is { } to
                && (to.StartsWith(Callers.SignInPath + "?denied=", StringComparison.Ordinal) || to.StartsWith($"{Callers.SignInPath}?ReturnUrl={Uri.EscapeDataString(request.RequestUri!.AbsolutePath)}", StringComparison.Ordinal));

    // Fake ids: what policy lets in finds nothing there.
    private static string Address(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "documentName" } => "v1",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { ParameterPolicies: [{ Content: "long" }] } => "999999",
        _ => "none",
    }))));
}
