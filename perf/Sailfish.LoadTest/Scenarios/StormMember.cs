using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// Joins its room, asks for what it missed, and counts as ready only when it has everything up to the seq that JOIN named.
/// </summary>
internal sealed class StormMember(Fleet fleet, StormRoom room, long userId) : Session(fleet, userId, room.Id)
{
    private static readonly byte[] SeqMark = "\"seq\":"u8.ToArray();
    private static readonly byte[] MoreMark = "\"more\":true"u8.ToArray();

    private int _wanted;

    /// <summary>The newest seq that it has, with none missing before.</summary>
    internal int Last { get; private set; }

    internal long Duplicates { get; private set; }

    internal long Gaps { get; private set; }

    /// <summary>When it had everything.</summary>
    internal long InSyncAt { get; private set; }

    internal bool HasAll => Last == room.Newest;

    /// <summary>Its node is about to die: that its connection ends is no fault.</summary>
    internal bool IsDoomed { get; set; }

    protected override void OnMessage(ReadOnlySpan<byte> body) => Take(room.SeqOfMessage.Read(body));

    protected override void OnJoined(ReadOnlySpan<byte> body)
    {
        _wanted = room.SeqOfJoin.Read(body);
        GoOn();
    }

    protected override void OnCutOff()
    {
        if (!IsDoomed)
            base.OnCutOff();
    }

    protected override void OnSync(ReadOnlySpan<byte> body)
    {
        var before = Last;
        var rest = body;
        for (var mark = rest.IndexOf(SeqMark); mark >= 0; mark = rest.IndexOf(SeqMark))
        {
            rest = rest[(mark + SeqMark.Length)..];
            Take(NumberScanner.Digits(rest));
        }

        if (Last == before && Last < _wanted)
            throw new LoadTestException($"SYNC after {Last} brought nothing, though {_wanted} is the newest: {Encoding.UTF8.GetString(body)}");
        if (body.IndexOf(MoreMark) >= 0 && Last >= _wanted)
            throw new LoadTestException($"SYNC says there is more after {Last}, though {_wanted} is the newest.");
        GoOn();
    }

    private void Take(int seq)
    {
        if (seq <= Last)
        {
            Duplicates++;
            return;
        }

        Gaps += seq - Last - 1;
        Last = seq;
    }

    private void GoOn()
    {
        if (Last < _wanted)
        {
            Send(FrameCode.Sync, Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{{\"after\":{{\"r:{room.Id}\":{Last}}},\"limit\":500}}")));
            return;
        }

        InSyncAt = Stopwatch.GetTimestamp();
        EnterPhase(SessionPhase.Ready);
    }
}
