using System.Data.Common;
using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>One load under way, within its transaction: read and type, reject, compare with what stands, write, remember.</summary>
/// <param name="isAll">Whether the files are all there is: rows that they do not hold are removed.</param>
internal sealed class Loading(Warehouse warehouse, DbConnection connection, Pack pack, Dataset dataset, IReadOnlyList<ProbedFile> files, bool isAll, string scratch, IReadOnlyDictionary<string, EachText.Lent> seals, CancellationToken stop)
{
    private readonly string _table = Sql.Table(pack.Id, dataset.Table);
    private readonly List<string> _keys = [.. dataset.Key.Select(k => Sql.Name(k.Name))];
    private readonly List<string> _fields = [.. dataset.Fields.Select(f => Sql.Name(f.Id))];
    private readonly Dictionary<int, List<(long Line, string Rule)>> _faulty = [];

    private readonly bool _removes = isAll || files.Any(f => f.Header.Contains(StagedText.Gone));
    private long _removed;

    public List<FileLoad> Run(DateTime started, string shape, TimeProvider time)
    {
        ReadIn();
        stop.ThrowIfCancellationRequested();
        RejectDuplicates();
        var compared = connection.Count($"SELECT count(*) FROM (SELECT 1 FROM {_table} LIMIT 1) AS q") > 0;
        // Files of one transaction come to stand together: their rows bear the first one's number.
        var first = connection.Count("SELECT nextval('guantong.load_id')");
        var at = time.GetUtcNow().UtcDateTime;
        Write(compared, first, at);
        var loads = Remember(first, started, shape, at, compared);
        warehouse.Counted(connection, pack.Id, dataset.Table, loads.Sum(l => l.Added) - _removed);
        connection.Run("DROP TABLE stage; DROP TABLE IF EXISTS fate");
        return loads;
    }

    // Every file in one scan, so that both cores have work. rowid then counts through the files in their order.
    private void ReadIn()
    {
        var paths = files.Select((f, i) => f.IsRegular ? f.Path : Clean(f, i)).ToList();
        var typing = new CsvTyping(dataset, seals);
        var groups = files.Select(f => string.Join('\u001f', f.Header)).Distinct().Count();
        try
        {
            // Files whose columns stand in another order are read one by one.
            var scans = groups == 1 ? [(paths, files[0].Header)] : paths.Select((p, i) => ((List<string>)[p], files[i].Header));
            warehouse.Stage(connection, dataset, [.. scans.Select(s => typing.Select(s.Item1, s.Item2))], scratch);
        }
        catch (DbException e)
        {
            throw new LoadRefusedException(files.Count == 1 ? files[0].Name : string.Join(", ", files.Select(f => f.Name)), 0, "file-unreadable", seals.Count > 0 ? "rows" : e.Message.Split('\n')[0]);
        }
        if (connection.Count("SELECT count(*) FROM stage") != files.Sum(f => f.Records))
            throw new LoadRefusedException(string.Join(", ", files.Select(f => f.Name)), 0, "file-unreadable", "rows");
    }

    // A file with faulty or blank records is copied without them; the faulty ones are rejected by their lines.
    private string Clean(ProbedFile file, int index)
    {
        var path = Path.Combine(scratch, $"{index}.csv");
        var faults = _faulty[index] = [];
        using var from = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        using var to = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        var scanner = new RecordScanner(from);
        var columns = file.Header.Count;
        while (scanner.Next())
        {
            stop.ThrowIfCancellationRequested();
            if (scanner.IsBlank)
                continue;
            if (scanner.Columns != columns || scanner.HasStrayQuote)
            {
                faults.Add((scanner.Line, scanner.Columns != columns ? "columns" : "quote"));
                continue;
            }
            to.Write(scanner.Bytes);
            to.WriteByte((byte)'\n');
        }
        return path;
    }

    // The first row of a key stands; another with the same content is the same row, with other content it is rejected.
    private void RejectDuplicates()
    {
        var keys = string.Join(", ", _keys);
        if (connection.Count($"SELECT count(*) FROM (SELECT 1 FROM stage WHERE {CsvTyping.Fault} IS NULL GROUP BY {keys} HAVING count(*) > 1) AS q") == 0)
            return;
        var values = seals.Count > 0 ? Sql.Text(RowSeals.Masked) : $"concat_ws(', ', {string.Join(", ", _keys.Select(k => "stage." + k))})";
        connection.Run($"""
            UPDATE stage SET {CsvTyping.Fault} = CASE WHEN d.same THEN 'again' ELSE 'duplicate|{string.Join(", ", dataset.Key)}|' || {values} END
            FROM (SELECT n, {string.Join(" AND ", _fields.Select(f => $"{f} IS NOT DISTINCT FROM first_value({f}) OVER w"))} AS same, row_number() OVER w AS place
                  FROM (SELECT rowid AS n, * FROM stage WHERE {CsvTyping.Fault} IS NULL) AS r WINDOW w AS (PARTITION BY {keys} ORDER BY n)) AS d
            WHERE d.n = stage.rowid AND d.place > 1
            """);
    }

    private void Write(bool compared, long load, DateTime at)
    {
        var fields = string.Join(", ", _fields);
        var comes = $"{CsvTyping.Fault} IS NULL AND NOT {CsvTyping.Gone}";
        warehouse.MakeRoom(connection, pack, dataset, "stage");
        if (!compared)
        {
            connection.Run($"INSERT INTO {_table} ({fields}, {Former.Load}) SELECT {fields}, ? FROM stage WHERE {comes}", load);
            return;
        }
        if (_removes)
            _removed = Remove(load, at);
        var on = Joined("s", "t");
        connection.Run($"""
            CREATE TEMP TABLE fate AS SELECT s.n, CASE WHEN t.{_keys[0]} IS NULL THEN 'added' WHEN {string.Join(" AND ", _fields.Select(f => $"s.{f} IS NOT DISTINCT FROM t.{f}"))} THEN 'same' ELSE 'changed' END AS verdict
            FROM (SELECT rowid AS n, * FROM stage WHERE {comes}) AS s LEFT JOIN {_table} AS t ON {on}
            """);
        if (connection.Count("SELECT count(*) FROM fate WHERE verdict = 'changed'") > 0)
            Former.PutAside(connection, pack, dataset, $"EXISTS (SELECT 1 FROM stage AS s JOIN fate ON fate.n = s.rowid WHERE verdict = 'changed' AND {on})", load, at);
        connection.Run($"INSERT INTO {_table} ({fields}, {Former.Load}) SELECT {fields}, ? FROM stage JOIN fate ON fate.n = stage.rowid WHERE verdict IN ('added', 'changed')", load);
    }

    private long Remove(long load, DateTime at) => isAll
        ? Former.PutAside(connection, pack, dataset, $"NOT EXISTS (SELECT 1 FROM stage AS s WHERE {Joined("s", "t")})", load, at)
        : Former.PutAside(connection, pack, dataset, $"EXISTS (SELECT 1 FROM stage AS s WHERE s.{CsvTyping.Gone} AND s.{CsvTyping.Fault} IS NULL AND {Joined("s", "t")})", load, at);

    private string Joined(string one, string other) => string.Join(" AND ", _keys.Select(k => $"{one}.{k} = {other}.{k}"));

    private List<FileLoad> Remember(long first, DateTime started, string shape, DateTime at, bool compared)
    {
        var loads = new List<FileLoad>();
        // Rows of a table made in this very transaction are not counted from 0.
        var from = connection.Count("SELECT min(rowid) FROM stage");
        for (var i = 0; i < files.Count; i++)
        {
            var to = from + files[i].Records;
            long Fate(string fate) => connection.Count("SELECT count(*) FROM fate WHERE verdict = ? AND n >= ? AND n < ?", fate, from, to);
            var id = i == 0 ? first : connection.Count("SELECT nextval('guantong.load_id')");
            var rejects = Rejects(id, i, from, to);
            var again = connection.Count($"SELECT count(*) FROM stage WHERE {CsvTyping.Fault} = 'again' AND rowid >= ? AND rowid < ?", from, to);
            var (added, changed, same) = compared ? (Fate("added"), Fate("changed"), Fate("same") + again)
                : (connection.Count($"SELECT count(*) FROM stage WHERE {CsvTyping.Fault} IS NULL AND NOT {CsvTyping.Gone} AND rowid >= ? AND rowid < ?", from, to), 0, again);
            var load = new FileLoad(id, files[i].Sha256, files[i].Records + files[i].Faulty, added, changed, same, i == 0 ? _removed : 0, rejects);
            connection.Run("INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected, rows_removed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                id, pack.Id, dataset.Id, files[i].Source ?? files[i].Path, files[i].Sha256, shape, started, at, load.RowsIn, added, changed, same, (long)rejects.Count, load.Removed);
            connection.Append("guantong", "reject", rejects.Select(r => (object?[])[r.Load, r.File, r.Line, r.Field, r.Value, r.Rule]));
            loads.Add(load);
            from = to;
        }
        return loads;
    }

    private List<Reject> Rejects(long load, int index, long from, long to)
    {
        var file = files[index];
        var found = connection.Rows($"SELECT rowid, {CsvTyping.Fault} FROM stage WHERE {CsvTyping.Fault} IS NOT NULL AND {CsvTyping.Fault} <> 'again' AND rowid >= ? AND rowid < ? ORDER BY rowid", r => (Place: r.GetInt64(0) - from, Fault: r.GetString(1)), from, to);
        var lines = found.Count == 0 ? [] : Lines(file, [.. found.Select(f => f.Place)]);
        return
        [
            .. found.Select((f, i) => (Line: lines[i], Parts: f.Fault.Split('|', 3)))
                .Select(f => new Reject(load, file.Name, f.Line, f.Parts[1], CsvText.Cut(f.Parts[2]), f.Parts[0]))
                .Concat(_faulty.GetValueOrDefault(index, []).Select(f => new Reject(load, file.Name, f.Line, "", "", f.Rule)))
                .OrderBy(r => r.Line),
        ];
    }

    // Only a load with rejected rows pays for knowing their lines.
    private static List<long> Lines(ProbedFile file, IReadOnlyList<long> places)
    {
        var lines = new List<long>();
        var isStaged = file.Header[^1] == StagedText.Place;
        using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var scanner = new RecordScanner(stream);
        scanner.Next();
        for (var place = 0L; lines.Count < places.Count && scanner.Next();)
        {
            if (scanner.IsBlank || scanner.Columns != file.Header.Count || scanner.HasStrayQuote)
                continue;
            if (place++ == places[lines.Count])
                lines.Add(isStaged ? long.Parse(CsvText.Fields(scanner.Bytes)[^1], CultureInfo.InvariantCulture) : scanner.Line);
        }
        return lines;
    }
}
