using DuckDB.NET.Data;

namespace Guantong.Data;

/// <summary>Reads Parquet by the engine of the warehouse.</summary>
internal static class ParquetRows
{
    public static ProbedFile Read(string path, string name, IReadOnlyList<string> wanted, string made)
    {
        using var engine = new DuckDBConnection("DataSource=:memory:");
        engine.Open();
        engine.Run("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
        var from = $"read_parquet({Sql.Text(path)})";
        try
        {
            var header = engine.Rows($"SELECT column_name FROM (DESCRIBE SELECT * FROM {from})", r => r.GetString(0));
            ProbedFile.CheckHeader(name, 0, wanted, header);
            var rows = engine.Count($"SELECT count(*) FROM {from}");
            if (rows == 0)
                throw new LoadRefusedException(name, 0, "file-only-header");
            var texts = string.Join(", ", wanted.Select(w => $"CAST({Sql.Name(w)} AS VARCHAR) AS {Sql.Name(w)}"));
            engine.Run($"COPY (SELECT {texts}, row_number() OVER () AS {Sql.Name(StagedText.Place)} FROM {from}) TO {Sql.Text(made)} (FORMAT csv, HEADER true)");
            return new ProbedFile(made, name, new FileInfo(path).Length, FileText.Digest(path), [.. wanted, StagedText.Place], rows, 0, true);
        }
        catch (DuckDBException e)
        {
            throw new LoadRefusedException(name, 0, "file-unreadable", e.Message.Split('\n')[0].Replace(path, name, StringComparison.Ordinal));
        }
    }
}
