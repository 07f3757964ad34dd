using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>What is asked of a room and a user: <c>app i64, room i64, user i64, number i64</c>.</summary>
/// <param name="Room">The room.</param>
/// <param name="UserId">The user, or the one behind whom users are asked for.</param>
/// <param name="Number">What else there is to say; each question has its own.</param>
internal readonly record struct RoomQuestion(RoomKey Room, long UserId, long Number = 0)
{
    private const int Size = 4 * sizeof(long);

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        var fields = new FieldWriter(bytes);
        fields.Int64(Room.AppId);
        fields.Int64(Room.RoomId);
        fields.Int64(UserId);
        fields.Int64(Number);
        return bytes;
    }

    /// <summary>Throws where it is too short; what a newer node has added behind it is passed by.</summary>
    public static RoomQuestion Read(ReadOnlySpan<byte> bytes)
    {
        var fields = new FieldReader(bytes);
        var question = new RoomQuestion(new RoomKey(fields.Int64(), fields.Int64()), fields.Int64(), fields.Int64());
        return fields.Fault == FrameFault.None ? question : throw new InvalidDataException($"The question is {FrameFaults.Word(fields.Fault)}.");
    }
}
