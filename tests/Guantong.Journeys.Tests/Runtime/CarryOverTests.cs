using Dapper;
using Guantong.Hosting;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Tests;

/// <summary>Stores of earlier versions are brought up with what stands in them.</summary>
public sealed class CarryOverTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Services_that_failed_before_there_were_incidents_become_incidents(string store)
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("guantong-test-");
        var setting = await FreshStore.MakeAsync(store) ?? Path.Combine(folder.FullName, "old.db");
        await using (var old = await Store.OpenAsync(setting, [TrustRoom.Migrations], cancel))
        {
            await old.ReadAsync(async c =>
            {
                foreach (var name in (string[])["001-work.sql", "002-applications.sql"])
                {
                    await c.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/Guantong.Work/Store", name), cancel));
                    await c.ExecuteAsync("INSERT INTO migration (room, name) VALUES ('work', @name)", new { name });
                }
                foreach (var (id, state) in ((string, string)[])[("failed", "open"), ("sound", "open"), ("over", "ended")])
                {
                    await c.ExecuteAsync("""
                        INSERT INTO work_case (id, number, pack, revision, matter, title, region, state, opened, opened_by, data, process, version)
                        VALUES (@id, @id, 'p', 'r', 'm', '示例', '330000', @state, '2026-01-01T00:00:00.000Z', 'duty', '{}', '{}', 1)
                        """, new { id, state });
                }
                foreach (var (id, caseId, state, error) in ((string, string, string, string?)[])[("j1", "failed", "failed", "服务不在"), ("j2", "failed", "failed", null), ("j3", "failed", "done", null), ("j4", "sound", "ready", "稍后再试"), ("j5", "over", "failed", "早已办结")])
                {
                    await c.ExecuteAsync("INSERT INTO work_job (id, case_id, token, node, service, state, attempts, due, error) VALUES (@id, @caseId, 't1', 'reply', 'compose-document', @state, 5, '2026-01-02T00:00:00.000Z', @error)",
                        new { id, caseId, state, error });
                }
                return 0;
            }, cancel);
        }
        await using (var brought = await Store.OpenAsync(setting, Platform.Migrations, cancel))
        {
            var states = await brought.ReadAsync(c => c.QueryAsync<(string, string)>("SELECT id, state FROM work_case ORDER BY id"), cancel);
            Assert.Equal([("failed", "stuck"), ("over", "ended"), ("sound", "open")], states);
            var incidents = await brought.ReadAsync(c => c.QueryAsync<(string, string, string, string, string, string?)>("SELECT case_id, kind, item, node, detail, resolved FROM work_incident ORDER BY item"), cancel);
            Assert.Equal([("failed", "job", "j1", "reply", "服务不在", null), ("failed", "job", "j2", "reply", "", null), ("over", "job", "j5", "reply", "早已办结", null)], incidents);
            Assert.Equal(0, await brought.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_case WHERE parent IS NOT NULL OR depth <> 0"), cancel));
        }
        folder.Delete(true);
    }
}
