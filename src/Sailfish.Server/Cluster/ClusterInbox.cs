using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Cluster;

/// <summary>Reads the frames that the bus brings, looks after their links, and hands on what is in them.</summary>
internal sealed class ClusterInbox(
    long generation,
    LinkWatch links,
    PendingCalls answers,
    CallQueue calls,
    IClusterSink sink,
    ILossSink losses,
    ClusterMetrics metrics,
    TimeProvider time,
    ILogger<ClusterInbox> logger) : IBusReceiver
{
    private readonly List<MessageItem> _messages = [];
    private readonly List<PlaceItem> _places = [];
    private readonly List<ControlItem> _controls = [];
    private readonly List<LinkCount> _counts = [];
    private readonly List<CallItem> _calls = [];
    private readonly List<AnswerItem> _answers = [];
    private readonly LogPace _refusals = new(new Rate(PerSecond: 1, Burst: 5), time);

    public void Received(ReadOnlyMemory<byte> frame)
    {
        metrics.Received();
        var fault = FrameReader.ReadHeader(frame.Span, out var header);
        if (fault == FrameFault.None && header.Source == generation)
            return;
        try
        {
            if (fault == FrameFault.None)
            {
                links.Received(header);
                fault = Take(frame.Span, header);
            }
        }
#pragma warning disable CA1031 // whatever a frame leads to, the next one is read
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ClusterLog.FrameFailed(logger, failure, header.Source);
            losses.Lost(header.Source);
        }

        if (fault != FrameFault.None)
            Refuse(frame.Length, header, fault);
    }

    public void Lost() => losses.Lost(source: 0);

    public void HealthChanged(BusHealth health) => sink.HealthChanged(health);

    /// <summary>A kind that is not known is a newer node's, which knows that this one may not understand it.</summary>
    private FrameFault Take(ReadOnlySpan<byte> frame, in FrameHeader header) => header.Kind switch
    {
        FrameKind.Messages => TakeMessages(frame, header),
        FrameKind.Places => TakePlaces(frame, header),
        FrameKind.Control => TakeControls(frame, header),
        FrameKind.Heartbeat => TakeHeartbeat(frame, header),
        FrameKind.Call => TakeCalls(frame, header),
        FrameKind.Answer => TakeAnswers(frame, header),
        _ => FrameFault.None,
    };

    private FrameFault TakeMessages(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var fault = FrameReader.ReadItems(frame, header, _messages);
        if (_messages.Count > 0)
            sink.Messages(_messages);
        return fault;
    }

    private FrameFault TakePlaces(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var fault = FrameReader.ReadItems(frame, header, _places);
        if (_places.Count > 0)
            sink.Places(_places);
        return fault;
    }

    private FrameFault TakeControls(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var fault = FrameReader.ReadItems(frame, header, _controls);
        foreach (var item in _controls)
        {
            if (item is not ControlItem.Unknown)
                sink.Control(item);
        }

        return fault;
    }

    private FrameFault TakeHeartbeat(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var fault = FrameReader.ReadItems(frame, header, _counts);
        if (fault == FrameFault.None)
            links.Beat(header, _counts);
        return fault;
    }

    private FrameFault TakeCalls(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var fault = FrameReader.ReadItems(frame, header, _calls);
        foreach (var call in _calls)
            calls.Add(header.Source, call);
        return fault;
    }

    private FrameFault TakeAnswers(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var fault = FrameReader.ReadItems(frame, header, _answers);
        foreach (var answer in _answers)
            answers.Answered(header.Source, answer);
        return fault;
    }

    /// <summary>What it told is missing as if it had not come.</summary>
    private void Refuse(int length, in FrameHeader header, FrameFault fault)
    {
        metrics.Refused(fault);
        if (_refusals.TryTake(out var leftOut))
            ClusterLog.FrameRefused(logger, length, header.Source, FrameFaults.Word(fault), leftOut);
        losses.Lost(header.Source);
    }
}
