using System.IO.Pipelines;
using System.Net;

namespace Sailfish.Server.Transports;

/// <summary>A connection's bytes, in and out, whoever carries them.</summary>
internal abstract class Transport
{
    /// <summary>Who is at the other end: the peer, or whom a trusted proxy names.</summary>
    public virtual EndPoint? RemoteEndPoint { get; set; }

    public abstract PipeReader Input { get; }

    /// <summary>Nothing comes or goes any more.</summary>
    public abstract bool IsEnded { get; }

    /// <summary>
    /// The peer has ended, or is gone, whatever of it is still to be read. False where that cannot be known before it is read.
    /// </summary>
    public abstract bool HasPeerLeft { get; }

    /// <summary>
    /// Hands over what is taken at once, without waiting, and tells how many bytes that were. Of a peer that is gone it
    /// says 0: <see cref="SendAsync"/> then tells what happened. One send at a time; the outbox sees to that.
    /// </summary>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Hands over all of it; completes when it is taken, and fails when the peer is gone.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Lets at most about so many bytes wait unsent in the kernel, where that can be told: who reads slowly is then late by them
    /// alone, and costs no more.
    /// </summary>
    public virtual void LimitUnsent(int bytes)
    {
    }

    /// <summary>Ends the connection at once, whatever waits.</summary>
    public abstract void Abort(string reason);
}
