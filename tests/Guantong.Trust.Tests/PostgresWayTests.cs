using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The way to PostgreSQL is protected unless it stays on the machine.</summary>
public sealed class PostgresWayTests
{
    [Theory]
    [InlineData("postgres://gt@db.example/platform", "verify-full", false)]
    [InlineData("postgres://gt@10.1.2.3:5433/platform?sslrootcert=/etc/ca.pem", "verify-full", false)]
    [InlineData("postgres://gt@db.example/platform?sslmode=verify-ca", "verify-ca", false)]
    [InlineData("postgres://gt@db.example/platform?sslmode=require", "require", true)]
    [InlineData("postgres://gt@db.example/platform?sslmode=disable", "disable", true)]
    [InlineData("postgres://gt@127.0.0.1/platform", "prefer", false)]
    [InlineData("postgres://gt@localhost/platform", "prefer", false)]
    public void Away_from_the_machine_the_server_s_certificate_is_checked_unless_somebody_says_otherwise(string setting, string mode, bool isOpen) =>
        Assert.Equal((mode, isOpen), (Store.WayTo(new Uri(setting)).Mode, Store.IsOpenToTheNetwork(setting)));

    [Theory, InlineData("sslmode=perhaps"), InlineData("options=-c%20search_path=x"), InlineData("password=x")]
    public void What_is_not_known_is_refused(string asked) => Assert.Throws<ConfigurationException>(() => Store.WayTo(new Uri($"postgres://gt@db.example/platform?{asked}")));

    [Fact]
    public async Task A_server_without_TLS_is_not_spoken_to_where_TLS_is_asked_for()
    {
        var setting = await FreshStore.MakeAsync("postgres");
        foreach (var mode in (string[])["require", "verify-full"])
            await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => Store.OpenAsync($"{setting}?sslmode={mode}", [TrustRoom.Migrations]));
        await using var store = await Store.OpenAsync($"{setting}?sslmode=disable", [TrustRoom.Migrations]);
        Assert.True(store.IsPostgres);
    }
}
