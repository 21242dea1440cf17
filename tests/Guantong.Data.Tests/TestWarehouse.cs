using Guantong.Data;

namespace Guantong.Tests;

/// <summary>A warehouse of a test's own: a DuckDB in memory, or a new database of PostgreSQL where GUANTONG_TEST_WAREHOUSE says so. The suite runs once on each.</summary>
internal static class TestWarehouse
{
    public static bool IsPostgres => Environment.GetEnvironmentVariable("GUANTONG_TEST_WAREHOUSE") == "postgres";

    public static Warehouse Open(TimeProvider? clock = null) =>
        Warehouse.Open(IsPostgres ? FreshStore.MakeAsync("postgres").GetAwaiter().GetResult() : null, clock ?? TimeProvider.System);
}
