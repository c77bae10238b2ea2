-- What can be asked of a rollout as it is now. The annotations are those of operator/rollout/canaryRollout/requests.ts; each names what it is
-- about, so that one that is still there later does nothing.
local status = type(obj.status) == "table" and obj.status or {}
local spec = type(obj.spec) == "table" and obj.spec or {}

-- What is asked, by action: nil where it makes no sense now.
local function askedOf()
  local revision, step, rollback = status.revision, status.step, status.rollback
  if type(status.seal) ~= "string" or type(revision) ~= "string" then return {} end
  if type(rollback) == "table" then
    if rollback.rejects == true and type(rollback.completionTime) == "string" and type(rollback.startTime) == "string" then
      return { retry = revision .. "@" .. rollback.startTime }
    end
    return {}
  end
  if rollback ~= nil or status.completionTime ~= nil then return {} end
  local isFailed = status.failure ~= nil
  local at = not isFailed and type(step) == "number" and revision .. "/" .. step or nil
  return { skip = at, promote = at, abort = revision }
end
