using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Guantong.Tests;

/// <summary>A real mail server of a test's own, that keeps what comes and refuses what the test says.</summary>
internal sealed class PostOffice : IMessageStore, IMailboxFilter, IAsyncDisposable
{
    private readonly CancellationTokenSource _closes = new();
    private readonly ConcurrentQueue<MimeMessage> _mails = new();
    private Task _open = Task.CompletedTask;

    private PostOffice(int port) => Port = port;

    public int Port { get; }

    /// <summary>Where the platform finds it.</summary>
    public string Setting => $"smtp://127.0.0.1:{Port}?from=notices@example.org";

    /// <summary>What it says to each mail; null takes it.</summary>
    public SmtpResponse? Says { get; set; }

    public IReadOnlyList<MimeMessage> Mails => [.. _mails];

    public static PostOffice Open(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var office = new PostOffice(((IPEndPoint)free.LocalEndpoint).Port);
        free.Stop();
        var services = new ServiceProvider();
        services.Add((IMessageStore)office);
        services.Add((IMailboxFilter)office);
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(e =>
        {
            e.Endpoint(new IPEndPoint(IPAddress.Loopback, office.Port));
            if (certificate is not null)
                e.Certificate(certificate);
        }).Build();
        office._open = new SmtpServer.SmtpServer(options, services).StartAsync(office._closes.Token);
        return office;
    }

    public async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        if (Says is { } no)
            return no;
        using var stream = new MemoryStream(buffer.ToArray());
        _mails.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
        return SmtpResponse.Ok;
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox @from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox @from, CancellationToken cancellationToken) => Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        await _closes.CancelAsync();
        await _open.ContinueWith(_ => { }, TaskScheduler.Default);
        _closes.Dispose();
    }
}
