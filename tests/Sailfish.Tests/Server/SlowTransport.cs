using System.IO.Pipelines;
using System.Net;
using Sailfish.Server.Transports;

namespace Sailfish.Tests.Server;

/// <summary>A socket that takes nothing until it is told to.</summary>
internal sealed class SlowTransport : Transport
{
    private readonly Pipe _input = new();
    private TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes under way and taken.</summary>
    public MemoryStream Sent { get; } = new();

    /// <summary>What the next attempt to send at once runs into.</summary>
    public Exception? Fault { get; set; }

    public string? Aborted { get; private set; }

    /// <summary>Whether what comes is taken at once.</summary>
    public bool IsFast { get; set; }

    public override EndPoint? RemoteEndPoint => null;

    public override PipeReader Input => _input.Reader;

    public override bool IsEnded => Aborted is not null;

    public override bool HasPeerLeft => IsEnded;

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (Fault is { } fault)
            throw fault;
        if (!IsFast)
            return 0;
        Sent.Write(bytes);
        return bytes.Length;
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        Sent.Write(bytes.Span);
        await _taken.Task;
    }

    /// <summary>What is under way has been taken.</summary>
    public void Take()
    {
        var taken = _taken;
        _taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        taken.SetResult();
    }

    public override void Abort(string reason) => Aborted = reason;
}
