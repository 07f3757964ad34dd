using System.Threading.Channels;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Stands between the dispatcher and the router where several nodes append to one log: messages of this node and of others come
/// in any order, more than once or not at all, and go on in the order of their seqs, each once. One node alone has no need of it.
/// Used by the dispatcher's loop alone, but for <see cref="WaitAsync"/> and <see cref="Wanted"/>.
/// </summary>
internal sealed class Sequencer(RoomSequencer rooms, DirectSequencer directs)
{
    /// <summary>So long what is missing may still come by itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Channel<bool> _waits =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>What is to be read from the log, beside the loop.</summary>
    public ChannelReader<GapRead> Wanted => directs.Wanted;

    /// <summary>Waits until something waits for <see cref="Tick"/>, once for each.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _waits.Reader.ReadAsync(cancellationToken);

    /// <summary>A message that was committed, here or elsewhere; returns how many of its receivers are online here.</summary>
    public int Take(in CommittedMessage committed, FlushSet flushes)
    {
        var online = committed.Message.Conversation.IsRoom ? rooms.Take(committed, flushes) : directs.Take(committed, flushes);
        NoteWaiting();
        return online;
    }

    /// <inheritdoc cref="RoomSequencer.Begin"/>
    public void Begin(RoomKey key, long newest, FlushSet flushes)
    {
        rooms.Begin(key, newest, flushes);
        NoteWaiting();
    }

    /// <inheritdoc cref="RoomSequencer.Expect"/>
    public void Expect(RoomKey key, long newest, FlushSet flushes)
    {
        rooms.Expect(key, newest, flushes);
        NoteWaiting();
    }

    /// <summary>What was read of what was wanted; null when the log gave no answer.</summary>
    public void Answer(GapRead read, GapPage? page, FlushSet flushes)
    {
        if (page is { } messages)
            directs.Fill(read, messages, flushes);
        else
            directs.GiveUp(read, flushes);
        NoteWaiting();
    }

    /// <summary>Looks who has waited long enough.</summary>
    public void Tick(FlushSet flushes)
    {
        rooms.Tick(flushes);
        directs.Tick();
        NoteWaiting();
    }

    /// <summary>
    /// The store may have lost what it had: whatever is known of seqs counts no more. What is then read of the log, and of the
    /// rooms (<see cref="Expect"/>), begins anew.
    /// </summary>
    public void Forget()
    {
        rooms.Forget();
        directs.Forget();
    }

    private void NoteWaiting()
    {
        if (rooms.IsWaiting || directs.IsWaiting)
            _waits.Writer.TryWrite(true);
    }
}
