namespace Sailfish.Server.Cluster.Frames;

/// <summary>A question to a node: <c>number i64, length i32, payload</c>.</summary>
/// <param name="Number">The asker's own, which the answer repeats.</param>
/// <param name="Payload">What is asked, in the words of whoever asks.</param>
internal readonly record struct CallItem(long Number, ReadOnlyMemory<byte> Payload) : IFrameItem<CallItem>
{
    public static FrameKind Kind => FrameKind.Call;

    public int Size => 8 + FieldWriter.SizeOf(Payload);

    public void Write(ref FieldWriter fields)
    {
        fields.Int64(Number);
        fields.Bytes(Payload.Span);
    }

    public static CallItem Read(ref FieldReader fields) => new(fields.Positive(), fields.Bytes().ToArray());
}
