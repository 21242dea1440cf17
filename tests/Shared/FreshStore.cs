namespace Guantong.Tests;

/// <summary>An operations store of a test's own.</summary>
internal static class FreshStore
{
    /// <summary>The setting of a new one: null for SQLite in the data folder, or a new database of the PostgreSQL that GUANTONG_TEST_POSTGRES names.</summary>
    /// <param name="kind">sqlite or postgres.</param>
    /// <param name="like">The setting of a database that nobody uses, to be copied; null for an empty one.</param>
    public static async Task<string?> MakeAsync(string kind, string? like = null)
    {
        if (kind == "sqlite")
            return null;
        var server = Environment.GetEnvironmentVariable("GUANTONG_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(server), "No PostgreSQL is running for tests; ./guantong test starts one.");
        var uri = new Uri(server!);
        var database = "t" + Guid.NewGuid().ToString("n");
        await using var connection = new Npgsql.NpgsqlConnection($"Host={uri.Host};Port={uri.Port};Username={uri.UserInfo};Database=postgres");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand($"CREATE DATABASE {database} TEMPLATE {(like is null ? "template1" : new Uri(like).AbsolutePath[1..])}", connection);
        await command.ExecuteNonQueryAsync();
        return $"postgres://{uri.UserInfo}@{uri.Host}:{uri.Port}/{database}";
    }
}
