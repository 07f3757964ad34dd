using Sailfish.Media.Flv;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>What there is to tell of a room's stream on this node; nothing where it is not watched and does not come in.</summary>
internal sealed class StreamReportQuestion(StreamTable streams) : INodeQuestion
{
    private const int Fields = 13;

    /// <summary>Codecs by their numbers; frames and keyframes in thousandths.</summary>
    private const double Thousandths = 1000;

    public byte Type => QuestionTypes.StreamReport;

    /// <summary>Null where it tells of none.</summary>
    public static StreamReport? Read(ReadOnlySpan<byte> answer)
    {
        if (Numbers.Read(answer) is not { Length: >= Fields } told)
            return null;
        return new StreamReport(
            (StreamState)told[0], told[1] != 0, told[2] == 0 ? null : told[2], (int)told[3], told[4] / Thousandths, (int)told[5], (int)told[6],
            CodecOf(told[7]), CodecOf(told[8]), told[9] / Thousandths, (int)told[10], (int)told[11], TimeSpan.FromMilliseconds(told[12]));
    }

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, _, _) = RoomQuestion.Read(question.Span);
        return ValueTask.FromResult(streams.Find(room) is { } stream ? Write(StreamReport.Of(stream)) : default);
    }

    private static ReadOnlyMemory<byte> Write(StreamReport report) => Numbers.ToBytes(
        (long)report.State, report.IsRelayed ? 1 : 0, report.Publisher ?? 0, report.Kbps, (long)(report.FramesPerSecond * Thousandths), report.Width, report.Height,
        (long)(report.Video ?? MediaCodec.Unknown), (long)(report.Audio ?? MediaCodec.Unknown), (long)(report.GopSeconds * Thousandths), report.Viewers, report.LateViewers,
        (long)report.Uptime.TotalMilliseconds);

    private static MediaCodec? CodecOf(long number) => number == (long)MediaCodec.Unknown ? null : (MediaCodec)number;
}
